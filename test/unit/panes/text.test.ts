import { describe, expect, spyOn, test } from "bun:test";
import { showOutput } from "../../../src/panes/text.ts";

describe("output is shown as a person sees it", () => {
  test.each([
    ["plain lines", "a\r\nb\r\n", "a\nb"],
    ["no newline at the end", "abc", "abc"],
    ["nothing", "", ""],
    ["colours", "\x1b[1;31mred\x1b[0m x\r\n", "red x"],
    [
      "a title and other preambles of shells",
      "\x1b[?2004l\r\x1b]0;make\x07\x1b[30m\x1b(B\x1b[m\rout\tput  \r\n",
      "out\tput  ",
    ],
    ["a link", "\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\\r\n", "text"],
    ["a line drawn over", "10%\r99%\r\n", "99%"],
    ["backspaces", "ab\bc\r\n", "ac"],
    ["a shorter line over a longer one", "long text\rab\x1b[K\r\n", "ab"],
    ["several returns at the end", "x\r\r\n", "x"],
    ["lines drawn over", "one\r\ntwo\r\n\x1b[2Aeins\r\n\r\n", "eins\ntwo"],
    ["a cleared screen", "gone\r\n\x1b[H\x1b[2Jhere\r\n", "here"],
    ["the other screen", "a\r\n\x1b[?1049h\x1b[Hfull\x1b[?1049lb\r\n", "a\nb"],
    ["wide characters and a wrapped line", `日本\x1b7\x1b8 ${"x".repeat(30)}\r\n`, `日本 ${"x".repeat(30)}`],
    ["a bell and other controls", "a\x07b\x0ec\r\n", "abc"],
  ])("%s", async (_, raw, text) => {
    expect(await showOutput(raw, { cols: 20, rows: 10 })).toEqual({ text, isCut: false });
  });

  describe("a part of the screen that scrolls", () => {
    const size = { cols: 20, rows: 12 };
    const count = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}`);
    const write = (lines: string[]) => lines.map((line) => `${line}\r\n`).join("");
    const reset = "\x1b[r\x1b[12;1H";

    test.each([
      ["all lines are there", `\x1b[2;10r\x1b[2;1H${write(count(14))}${reset}`, ["", ...count(14)]],
      [
        "between what stands above and below",
        `top\r\n\x1b[12;1Hend\x1b[2;4r\x1b[2;1H${write(count(9))}\x1b[r\x1b[12;4H.`,
        ["top", ...count(9), ...Array(8).fill(""), "end."],
      ],
      ["from its last row on", `\x1b[2;6r\x1b[6;1H${write(count(8))}${reset}`, ["", ...count(8)]],
      [
        "with lines that are wrapped",
        `\x1b[2;4r\x1b[2;1H${write(["x".repeat(30), ...count(6)])}${reset}`,
        ["", "x".repeat(30), ...count(6)],
      ],
      ["and at the top, from where they get into the history", `\x1b[1;4r${write(count(9))}${reset}`, count(9)],
    ])("%s", async (_, raw, lines) => {
      expect(await showOutput(raw, size)).toEqual({ text: lines.join("\n"), isCut: false });
    });

    test("what is lost otherwise is told", async () => {
      const wrapped = `\x1b[2;4r\x1b[4;1H${write(["x".repeat(90)])}${reset}`;
      const below = `\x1b[2;4r\x1b[12;1H${write(["one", "two"])}\x1b[r`;
      for (const raw of [wrapped, below]) expect(await showOutput(raw, size)).toMatchObject({ isCut: true });
    });
  });

  test("a long line that is drawn over is whole", async () => {
    const { text } = await showOutput(`${"x".repeat(69_999)}\b!\r\n`, { cols: 80, rows: 24 });
    expect(text).toBe(`${"x".repeat(69_998)}!`);
  });
});

test("what is no output of a terminal is not complained of", async () => {
  using complaints = spyOn(console, "error").mockImplementation(() => {});
  let seed = 1;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return String.fromCharCode((seed >> 16) & 0xff);
  };
  await showOutput(`\x1b[H${Array.from({ length: 20_000 }, next).join("")}`, { cols: 80, rows: 24 });
  expect(complaints).not.toHaveBeenCalled();
});
