import { expect, test } from "bun:test";
import { afterCrash, recentRestarts } from "../../../src/supervise/restarts.ts";

const policy = { baseMs: 2000, limit: 3, windowMs: 60_000 };

test("each restart waits twice as long as the one before, until there were too many", () => {
  let restarts: number[] = [];
  const waits: (number | undefined)[] = [];
  for (let crash = 1; crash <= 4; crash++) {
    const after = afterCrash(restarts, crash, policy);
    restarts = after.restarts;
    waits.push(after.next?.waitMs);
  }
  expect(waits).toEqual([2000, 4000, 8000, undefined]);
  expect(restarts).toEqual([1, 2, 3]);
});

test("what ran well for the whole window begins again with the shortest wait", () => {
  expect(afterCrash([1, 2, 3], 60_003, policy)).toEqual({ restarts: [60_003], next: { waitMs: 2000, attempt: 1 } });
});

test("restarts of the future are of another boot, and count as little as those of long ago", () => {
  expect(recentRestarts([1, 4, 9, 12], 10, { ...policy, windowMs: 5 })).toEqual([9]);
});
