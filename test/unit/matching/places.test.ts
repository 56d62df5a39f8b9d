import { expect, test } from "bun:test";
import { lineKey, placeLines, readCapture, rowsOf } from "../../../src/matching/places.ts";

test("lines are known by their beginnings, whatever blanks and characters without a letter are in them", () => {
  expect(lineKey("a\tb  c \u0090\ufffd")).toBe(lineKey("a       b c"));
  expect(lineKey(`${"x".repeat(60)}1`)).toBe(lineKey(`${"x".repeat(60)}2`));
  expect(lineKey("EVENT 1")).not.toBe(lineKey("EVENT 2"));
  expect([lineKey(""), lineKey("   ")]).toEqual([0, 0]);
});

test.each([
  ["", 1],
  ["x".repeat(10), 1],
  ["x".repeat(11), 2],
  ["日本語日本語日", 2], // 14 columns
  ["x日本語日本語", 2], // the fifth has no room in the first row
  ["x日本語日", 1],
  ["e\u0301".repeat(10), 1],
])("%j takes %d rows of 10 columns", (line, rows) => {
  expect(rowsOf(line, 10)).toBe(rows);
});

test.each<[string, string[], string[], string[]]>([
  ["plain lines", ["a", "", "b"], ["a", "", "b"], ["0 a", "1 ", "2 b"]],
  ["a wrapped line", ["aaaaa", "bb", "c"], ["aaaaabb", "c"], ["0 aaaaabb", "2 c"]],
  ["one with blanks where it is broken", ["aaa", "  b", "c"], ["aaa    b", "c"], ["0 aaa    b", "2 c"]],
  ["one that ends in blanks", ["a", "", "c"], ["a       ", "c"], ["0 a", "2 c"]],
  ["wide characters that don't fit", ["日本", "語", "c"], ["日本語", "c"], ["0 日本語", "2 c"]],
  ["characters that some versions of tmux keep", ["a\u0090b", "c"], ["a\u0090b", "c"], ["0 ab", "1 c"]],
])("the rows of %s", (_, rows, lines, expected) => {
  expect(placeLines(rows, lines, 0, 5).map(({ row, line }) => `${row} ${line}`)).toEqual(expected);
});

test("what a full-screen program hides comes after the history, also where a line had gone on from it", () => {
  const { normal, alternate } = readCapture({
    cols: 5,
    historySize: 12,
    captured: 2,
    rows: ["a", "bbbbb", "full", "", "~"],
    lines: ["a", "bbbbbfull", "", "~"],
    saved: { rows: ["bb", "$", ""], lines: ["bb", "$", ""] },
  });
  expect(normal.map(({ row, line }) => `${row} ${line}`)).toEqual(["10 a", "11 bbbbb", "12 bb", "13 $", "14 "]);
  expect(alternate).toEqual(["full", "", "~"]);
});
