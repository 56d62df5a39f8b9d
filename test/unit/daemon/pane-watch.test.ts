import { describe, expect, test } from "bun:test";
import type { Typed } from "../../../src/daemon/echo.ts";
import { PaneWatch } from "../../../src/daemon/pane-watch.ts";
import { compilePattern } from "../../../src/daemon/pattern.ts";

const COLS = 40;
const ROWS = 10;

/** A pane watched for one pattern; `write` shows output in one piece, `fired` are the lines that fired. */
async function watchPane(pattern: string, options: { lines?: string[]; typed?: Typed } = {}) {
  const fired: string[] = [];
  const lines = options.lines ?? [];
  const seed = {
    cols: COLS,
    rows: ROWS,
    lines,
    cursor: { x: 0, y: lines.length },
    scrollRegion: { upper: 0, lower: ROWS - 1 },
    isAlternate: false,
  };
  const handlers = {
    typed: async () => options.typed,
    matched: (_: number, { line }: { line: string }) => fired.push(line),
  };
  const watch = new PaneWatch(seed, handlers, undefined);
  await watch.flush();
  watch.add(1, compilePattern(pattern));
  const write = async (...pieces: string[]) => {
    for (const piece of pieces) {
      watch.write(new TextEncoder().encode(piece));
      await watch.flush();
    }
    await watch.settle();
  };
  return { write, fired, watch };
}

describe("a line fires once for each appearance", () => {
  test.each<[string, string, string[], string[]]>([
    ["a plain line", "DONE", ["DONE\r\n"], ["DONE"]],
    ["a prompt without a newline", "Password:", ["Password: "], ["Password:"]],
    ["a match split over writes", "DONE", ["DO", "NE\r\n"], ["DONE"]],
    ["a match split over colours", "DONE", ["\x1b[31mDO\x1b[0m\x1b[1mNE\x1b[0m\r\n"], ["DONE"]],
    ["the same line twice", "DONE", ["DONE\r\nDONE\r\n"], ["DONE", "DONE"]],
    ["a growing line", "a+", ["a", "a", "a", "\r\n"], ["a"]],
    [
      "a line wider than the pane",
      "START.*END",
      [`START${"x".repeat(3 * COLS)}END\r\n`],
      [`START${"x".repeat(3 * COLS)}END`],
    ],
    ["a progress line, drawn over itself", "DONE", ["work\r", "DONE\r", "DONE\r", "\x1b[KDONE\r\n"], ["DONE"]],
    ["text placed by the cursor", "^a {8}b", ["a\x1b[10Gb\r\n"], ["a        b"]],
    [
      "a screen drawn again and again",
      "ready",
      ["ready\r\n", "\x1b[H\x1b[2Jready\r\n", "\x1b[H\x1b[2J", "ready\r\n"],
      ["ready"],
    ],
    ["a line shown and cleared in one write", "DONE", ["DONE\r\n\x1b[H\x1b[2J"], ["DONE"]],
    ["a line followed by thousands", "MARK", [`MARK\r\n${"x\r\n".repeat(5000)}`], ["MARK"]],
    [
      "lines in the middle of thousands",
      "MARK",
      [`${"x\r\n".repeat(3000)}MARK\r\n${"x\r\n".repeat(3000)}MARK\r\n`],
      ["MARK", "MARK"],
    ],
    ["wide characters", "終わり", ["日本語 終わり\r\n"], ["日本語 終わり"]],
    ["a full-screen program", "menu", ["\x1b[?1049h\x1b[Hmenu", "\x1b[Hmenu", "\x1b[?1049l"], ["menu"]],
    ["a title and other commands to the terminal", "DONE", ["\x1b]0;DONE\x07\x1b[?25l"], []],
  ])("%s", async (_, pattern, pieces, lines) => {
    const { write, fired } = await watchPane(pattern);
    await write(...pieces);
    expect(fired).toEqual(lines);
  });

  test("every match among ten thousand lines, in order", async () => {
    const { write, fired } = await watchPane("^match");
    const lines = Array.from({ length: 10_000 }, (_, i) => (i % 10 === 0 ? `match ${i}` : `other ${i}`));
    const text = lines.map((line) => `${line}\r\n`).join("");
    await write(text.slice(0, 33_333), text.slice(33_333, 33_340), text.slice(33_340));
    expect(fired).toEqual(lines.filter((line) => line.startsWith("match")));
  });

  test("what stood there before does not fire, what comes after does", async () => {
    const { write, fired } = await watchPane("DONE", { lines: ["DONE", "$ "] });
    await write("\r\nDONE\r\n");
    expect(fired).toEqual(["DONE"]);
  });

  test("a resize makes no line new", async () => {
    const { write, fired, watch } = await watchPane("DONE");
    await write(`${"x".repeat(60)}\r\nDONE\r\n`);
    watch.resize(30, ROWS);
    await write("more\r\n");
    watch.resize(80, 20);
    await write("more\r\n");
    expect(fired).toEqual(["DONE"]);
  });
});

describe("the echo of what pane-exec typed does not fire, its output does", () => {
  test.each<[string, string[], string[]]>([
    ["at a prompt", ["$ ", "echo DONE", "\r\nDONE\r\n"], ["DONE"]],
    ["letter by letter", ["$ ", ..."echo DONE", "\r\n", "DONE\r\n"], ["DONE"]],
    ["typed ahead and shown again", ["echo DONE\r\n", "$ echo DONE\r\n", "DONE\r\n"], ["DONE"]],
    ["shown by a program that traces", ["$ echo DONE\r\n", "+ echo DONE\r\n", "DONE\r\n"], ["+ echo DONE", "DONE"]],
  ])("%s", async (_, pieces, lines) => {
    const { write, fired } = await watchPane("DONE", { typed: { id: "7", text: "echo DONE" } });
    await write(...pieces);
    expect(fired).toEqual(lines);
  });

  test("a program that answers with the very text", async () => {
    const { write, fired } = await watchPane("DONE", { typed: { id: "7", text: "DONE" } });
    await write("DONE\r\n", "DONE\r\n");
    expect(fired).toEqual(["DONE"]);
  });
});
