import { describe, expect, test } from "bun:test";
import { type Column, columns, cut } from "../../../src/lib/columns.ts";
import { toned } from "../../../src/lib/toned.ts";

const HEADS: Column[] = [
  { head: "NAME", cut: "never" },
  { head: "LABEL" },
  { head: "N", isNumber: true },
  { head: "FOLDER", cut: "start", isOptional: true },
  { head: "NOTE", isOptional: true },
];
const ROWS = [
  ["0.1", "build", "7", "/usr/share/doc/claude-tmux", "made for the nightly build of everything"],
  ["0.22", "ビルド", "12345", "/tmp", ""],
];
const table = (width: number, rows: Parameters<typeof columns>[1] = ROWS) =>
  columns(HEADS, rows, { width, isColor: false });

test("stands in columns, by what a terminal shows", () => {
  expect(table(200)).toEqual([
    "NAME  LABEL       N  FOLDER                      NOTE",
    "0.1   build       7  /usr/share/doc/claude-tmux  made for the nightly build of everything",
    "0.22  ビルド  12345  /tmp",
  ]);
});

test("in 80 columns the widest is cut, a path at its beginning", () => {
  expect(table(80)).toEqual([
    "NAME  LABEL       N  FOLDER                      NOTE",
    "0.1   build       7  /usr/share/doc/claude-tmux  made for the nightly build of …",
    "0.22  ビルド  12345  /tmp",
  ]);
  expect(table(52)[1]).toBe("0.1   build       7  …c/claude-tmux  made for the n…");
});

test("in 30, what can go goes, the last first", () => {
  expect(table(30)).toEqual([
    "NAME  LABEL       N  FOLDER",
    "0.1   build       7  …ude-tmux",
    "0.22  ビルド  12345  /tmp",
  ]);
});

test.each([200, 80, 52, 40, 30, 21, 15, 12])("no line is wider than %p columns", (width) => {
  for (const line of table(width)) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(width);
});

test("a column in which nothing stands is left out", () => {
  expect(table(80, [["a", "", "1", "", ""]])).toEqual(["NAME  N", "a     1"]);
});

test("wide and joined characters are never halved", () => {
  expect(cut("日本語のラベル", 6)).toBe("日本…");
  expect(cut("日本語のラベル", 7)).toBe("日本語…");
  expect(cut("👨‍👩‍👧‍👦 family", 4)).toBe("👨‍👩‍👧‍👦 …");
  expect(cut("/a/b/日本語", 5, "start")).toBe("…本語");
  expect(cut("short", 5)).toBe("short");
});

describe("colours", () => {
  test("are around a cell alone, and change no width", () => {
    const rows = [[toned("a", "strong"), toned("b", "bad"), "1", "", ""]];
    const painted = columns(HEADS, rows, { width: 80, isColor: true });
    expect(painted[1]).toBe("\x1b[1ma\x1b[0m     \x1b[31mb\x1b[0m      1");
    expect(painted.map((line) => Bun.stripANSI(line))).toEqual(table(80, rows));
  });

  test("of others are none", () => {
    const [, line] = table(80, [["\x1b[31mred\x1b[0m\nx", "", "", "", ""]]);
    expect(line).toBe("\\x1b[31mred\\x1b[0m\\nx");
  });
});
