import { describe, expect, test } from "bun:test";
import { dealtWith } from "../../../src/matching/dealt.ts";
import { COLS, pane, progressAt, ROWS } from "./watching.ts";

const history = Array.from({ length: 30 }, (_, i) => `history ${i}`);
const screen = Array.from({ length: ROWS - 1 }, (_, i) => `screen ${i}`);

/** Whether the line with this index on the screen has been dealt with, as of what the screen showed before. */
function isDealt(before: string[], now: string[], index: number, match: string, isComplete = false): boolean {
  const was = pane([...history, ...before]);
  expect(was.firstRow).toBe(history.length);
  const is = pane([...history, ...now]);
  const dealt = dealtWith(is.lines, is, progressAt(was), isComplete);
  const at = history.length + index;
  return at <= dealt.end || dealt.isDealt(at, match);
}

describe("among lines that are found again", () => {
  const put = (line: string, at: number, lines: string[]) => [...lines.slice(0, at), line, ...lines.slice(at)];
  const replaced = (line: string, at: number, lines: string[]) =>
    put(line, at, [...lines.slice(0, at), ...lines.slice(at + 1)]);

  test("another one is new, unless all was heard", () => {
    const now = put("EVENT new", 5, screen);
    expect(isDealt(screen, now, 5, "EVENT")).toBe(false);
    expect(isDealt(screen, now, 6, "screen")).toBe(true);
    expect(isDealt(screen, now, 5, "EVENT", true)).toBe(true);
  });

  test("one that begins like another is new, unless it is what is left of that: it fills a row, and the rest was erased", () => {
    const long = `EVENT ${"x".repeat(COLS)}`;
    const before = replaced(long, 3, screen).slice(0, -1);
    const left = (count: number) => put("put", 2, put("above", 1, replaced(long.slice(0, count), 3, screen)));
    expect(isDealt(before, left(COLS), 5, "EVENT")).toBe(true);
    expect(isDealt(before, left(COLS / 2), 5, "EVENT")).toBe(false);
    expect(isDealt(replaced("EVENT 1", 3, screen), put("EVENT 12", 8, screen), 8, "EVENT 12")).toBe(false);
  });

  test("one that shows the same match in the same row is what became of the one there, unless that is somewhere else now", () => {
    const before = replaced("EVENT 10 %", 5, screen);
    const changed = replaced("EVENT 20 %", 5, screen).slice(0, -1);
    expect(isDealt(before, changed, 5, "EVENT")).toBe(true);
    const moved = [...replaced("EVENT 20 %", 5, screen).slice(0, -2), "EVENT 10 %"];
    expect(isDealt(before, moved, 5, "EVENT")).toBe(false);
  });
});

test("behind lines that are known to be there, what follows is found also when one of two was broken in two", () => {
  const long = (n: number) => `EVENT ${n} ${"x".repeat(COLS)}`;
  const was = pane([...history, long(1), long(2)]);
  const cursor = { x: 2, y: was.firstRow + was.cursor.y - history.length };
  const progress = progressAt({ ...was, firstRow: history.length, cursor });
  const is = pane([...history, long(1).slice(0, COLS), long(1).slice(COLS), long(2), "EVENT 3"]);
  const dealt = dealtWith(is.lines, is, progress);
  const isNew = (index: number) => index > dealt.end && !dealt.isDealt(index, "EVENT");
  expect([30, 32, 33].map(isNew)).toEqual([false, false, true]);
});
