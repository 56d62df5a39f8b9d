import { expect, test } from "bun:test";
import { sinceWhen } from "../../../src/top/since.ts";

const before = { key: "working", since: 100, isAtLeast: true };

test.each([
  ["what was known goes on", "working", 90, before, false, { since: 100, isAtLeast: true }],
  ["what changed is told", "idle", 170, before, false, { since: 170, isAtLeast: false }],
  ["or was seen", "idle", undefined, before, false, { since: 200, isAtLeast: false }],
  ["a pane that was not there was seen to come", "idle", undefined, undefined, false, { since: 200, isAtLeast: false }],
  ["at the first look it may be so for longer", "idle", undefined, undefined, true, { since: 200, isAtLeast: true }],
  ["unless that is told", "working", 50, undefined, true, { since: 50, isAtLeast: false }],
])("%s", (_, key, told, known, isFirst, expected) => {
  expect(sinceWhen(key, told, { before: known, now: 200, isFirst })).toEqual({ key, ...expected });
});
