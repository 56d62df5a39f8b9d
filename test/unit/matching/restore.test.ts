import { expect, test } from "bun:test";
import { PaneWatch } from "../../../src/matching/pane-watch.ts";
import { compilePattern } from "../../../src/matching/pattern.ts";
import { findOffset, type Progress, parseProgress, progressNow } from "../../../src/matching/progress.ts";

const ROWS = 20;
const COLS = 40;
const EVENT = compilePattern("^EVENT");
const line = (i: number) => (i % 2 ? `EVENT ${i}` : `other ${i}`);
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => line(from + i));
const places = (from: number, to: number) =>
  lines(from, to).flatMap((text, i) =>
    text.startsWith("EVENT") ? [{ row: from + i, line: text, match: { start: 0, text: "EVENT" } }] : [],
  );

/** What fires when a pane with this history and screen is watched from there on. */
async function resume(history: string[], row: number, progress: Progress): Promise<string[]> {
  const fired: string[] = [];
  const screen = {
    cols: COLS,
    rows: ROWS,
    row,
    lines: [...history, "$ "],
    cursor: { x: 2, y: Math.min(history.length, ROWS - 1) },
    scrollRegion: { upper: 0, lower: ROWS - 1 },
    isAlternate: false,
  };
  const handlers = {
    typed: async () => ({ last: "", typings: [] }),
    matched: (_: number, sighting: { line: string }) => fired.push(sighting.line),
    told: () => {},
  };
  const watch = new PaneWatch(screen, handlers, { last: "", typings: [] });
  watch.restore(1, EVENT, progress);
  await watch.flush();
  await watch.settle();
  return fired;
}

test.each([
  ["a short history", 30, 20],
  ["a history that scrolls by", 600, 200],
  ["a history of several slices, whose end was seen", 3000, 2960],
  ["a history in which all was seen", 2500, 2500],
])("%s: what was not seen fires, once and in order", async (_, count, seenTo) => {
  const from = Math.max(0, seenTo - ROWS);
  const progress = { from, seen: places(from, seenTo), anchors: [], prompts: ["$"] };
  const expected = lines(seenTo, count).filter((text) => text.startsWith("EVENT"));
  expect(await resume(lines(0, count), 0, progress)).toEqual(expected);
});

test("an echo at the prompt of that moment is no output, though nobody has seen the cursor rest there", async () => {
  const fired: string[] = [];
  const progress = progressNow({ rows: ["$ "], lines: ["$ "], firstRow: 0, cursorRow: 0 }, EVENT);
  const screen = {
    cols: COLS,
    rows: ROWS,
    row: 0,
    lines: ["$ echo EVENT", "EVENT", "$ "],
    cursor: { x: 2, y: 2 },
    scrollRegion: { upper: 0, lower: ROWS - 1 },
    isAlternate: false,
  };
  const typings = [{ id: "1", text: "echo EVENT", isCut: false }];
  const handlers = {
    typed: async () => ({ last: "1", typings }),
    matched: (_: number, sighting: { line: string }) => fired.push(sighting.line),
    told: () => {},
  };
  const watch = new PaneWatch(screen, handlers, { last: "", typings: [] });
  watch.restore(1, compilePattern("EVENT"), progress);
  await watch.settle();
  expect(fired).toEqual(["EVENT"]);
});

test.each([
  ["nothing was dropped", 0, 0],
  ["a tenth was dropped, twice", 400, 400],
  ["the history was cleared in another way", 123, 123],
])("%s: the rows are found", (_, dropped, offset) => {
  const progress = { from: 500, seen: places(500, 560), anchors: [], prompts: [] };
  expect(findOffset(lines(dropped, 700), { cols: COLS, historyLimit: 2000 }, progress)).toBe(offset);
});

test("where nothing of it is left, the rows are not found", () => {
  const progress = { from: 500, seen: places(500, 560), anchors: [], prompts: [] };
  expect(findOffset(lines(1000, 1100), { cols: COLS, historyLimit: 2000 }, progress)).toBeUndefined();
});

test("what stands on the screen when it is subscribed to has been seen, wrapped lines and the cursor's line too", () => {
  const wide = `EVENT ${"x".repeat(50)}`;
  const screen = {
    rows: ["EVENT 1", wide.slice(0, COLS), wide.slice(COLS), "other", "$ "],
    lines: ["EVENT 1", wide, "other", "$ "],
  };
  const progress = progressNow({ ...screen, firstRow: 100, cursorRow: 4 }, EVENT);
  expect(progress.seen.map(({ row }) => row)).toEqual([100, 101]);
  expect(progress.anchors.map(({ row }) => row)).toEqual([100, 101, 103]);
  expect(progress.prompts).toEqual(["$"]);
  expect(parseProgress(JSON.stringify(progress))).toEqual(progress);
  expect([parseProgress(null), parseProgress("{}"), parseProgress("no JSON")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
