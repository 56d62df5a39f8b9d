import { describe, expect, test } from "bun:test";
import { showAnswer } from "../../../src/panes/ask-screen.ts";

const shown = (raw: string, prompt = ">>> ", more: { cols?: number; row?: number } = {}) =>
  showAnswer(raw, { cols: 20, rows: 6, prompt, row: 2, ...more });

describe("what a program has written since it was asked", () => {
  test("is the line of the echo, lines after it, and what it asks now", async () => {
    expect(await shown("6*7\r\n42\r\n>>> ")).toEqual({
      first: ">>> 6*7",
      lines: ["42"],
      prompt: ">>> ",
      isOneLine: false,
      isCut: false,
    });
  });

  test("may end in no line yet", async () => {
    expect(await shown("6*7")).toMatchObject({ first: ">>> 6*7", lines: [], isOneLine: true });
  });

  test("is drawn by the width of the pane", async () => {
    const long = "print('abcdefghijklmnop')";
    expect(await shown(`${long}\r\nabcdefghijklmnop\r\n>>> `)).toMatchObject({
      first: `>>> ${long}`,
      lines: ["abcdefghijklmnop"],
      prompt: ">>> ",
    });
    expect(await shown(`x\r\n${"y".repeat(45)}\r\n>>> `)).toMatchObject({ lines: ["y".repeat(45)], prompt: ">>> " });
  });

  test("keeps blanks at the ends of lines, and tabs", async () => {
    expect(await shown("x\r\na  \r\n\x1b[31mb\tc\x1b[0m\r\n>>> ")).toMatchObject({ lines: ["a  ", "b\tc"] });
  });

  test("scrolls, and is all there", async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `line ${i}`);
    expect(await shown(`x\r\n${lines.join("\r\n")}\r\n>>> `)).toMatchObject({ lines, prompt: ">>> " });
  });

  test("has no line end where the last line has none, and zsh marks that", async () => {
    const mark = `\x1b[7m%\x1b[27m${" ".repeat(19)}\r \r`;
    expect(await shown(`printf abc\r\nabc${mark}>>> `)).toMatchObject({ lines: ["abc"], prompt: ">>> " });
  });

  test("begins anew when the screen is cleared", async () => {
    expect(await shown("clear\r\n\x1b[H\x1b[2Jhere\r\n>>> ")).toMatchObject({ lines: ["here"], prompt: ">>> " });
  });

  test("may be asked for by a prompt that is empty", async () => {
    expect(await shown("x\r\n\x1b[?2004l1\r\n2\r\n\x1b[?2004h", "")).toMatchObject({ lines: ["1", "2"], prompt: "" });
  });
});
