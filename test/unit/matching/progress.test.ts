import { expect, test } from "bun:test";
import { type Progress, parseProgress } from "../../../src/matching/progress.ts";
import { COLS, events, lines, pane, progressAt, resume } from "./watching.ts";

test("the progress of an earlier version is gone on from", async () => {
  const seen = lines(20, 40).flatMap((text, i) =>
    text.startsWith("EVENT") ? [{ row: 20 + i, line: text, match: { start: 0, text: "EVENT" } }] : [],
  );
  const old = JSON.stringify({ from: 21, seen, anchors: [], prompts: ["$"] });
  expect(await resume(pane(lines(0, 50)), parseProgress(old) as Progress)).toEqual(events(40, 50));
});

test("what stands on the screen when it is subscribed to has been seen, wrapped lines and the cursor's line too", () => {
  const wide = `EVENT ${"x".repeat(50)}`;
  const state = pane(["EVENT 1", wide, "other"], { row: 100 });
  const progress = progressAt(state);
  expect(progress.seen.map(({ row }) => row)).toEqual([100, 101]);
  expect(progress).toMatchObject({ from: 100, cols: COLS, at: 103, isWhole: false, prompts: ["$"] });
  expect(progress.trail).toHaveLength(3);
  expect(parseProgress(JSON.stringify(progress))).toEqual(progress);
  expect([null, "{}", "no JSON", "null", '{"from":1}'].map(parseProgress)).toEqual(Array(5).fill(undefined));
});
