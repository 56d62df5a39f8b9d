import { describe, expect, test } from "bun:test";
import { config } from "../../../src/lib/config.ts";
import { decide, recentRestarts } from "../../../src/watchdog/policy.ts";

const DEFAULT_POLICY = {
  baseMs: config.backoffBaseMs,
  limit: config.restartLimit,
  windowMs: config.restartWindowS * 1000,
};

describe("decide", () => {
  test("waits 2, 4, 8, 16 and 32 seconds, then gives up", () => {
    const restarts: number[] = [];
    const waits: unknown[] = [];
    let now = 0;
    for (;;) {
      const decision = decide(restarts, now, DEFAULT_POLICY);
      waits.push(decision.action === "restart" ? decision.delayMs : decision);
      if (decision.action === "give-up") break;
      restarts.push(now);
      now += decision.delayMs;
    }
    expect(waits).toEqual([2000, 4000, 8000, 16000, 32000, { action: "give-up", restarts: 5 }]);
  });

  test.each([
    ["no restart yet", [], 0, { action: "restart", attempt: 1, delayMs: 2000 }],
    ["one a moment ago", [1000], 2000, { action: "restart", attempt: 2, delayMs: 4000 }],
    ["one just inside the window", [0], 299_999, { action: "restart", attempt: 2, delayMs: 4000 }],
    ["one that has left the window", [0], 300_000, { action: "restart", attempt: 1, delayMs: 2000 }],
    ["five, of which one has left", [0, 1, 2, 3, 4], 300_000, { action: "restart", attempt: 5, delayMs: 32_000 }],
    ["five in the window", [0, 1, 2, 3, 4], 299_999, { action: "give-up", restarts: 5 }],
  ])("%s", (_, restarts, now, expected) => {
    expect(decide(restarts, now, DEFAULT_POLICY)).toEqual(expected as never);
  });

  test("follows another policy", () => {
    expect(decide([1], 2, { baseMs: 10, limit: 1, windowMs: 5 })).toEqual({ action: "give-up", restarts: 1 });
    expect(recentRestarts([1, 4, 9], 10, { baseMs: 10, limit: 1, windowMs: 5 })).toEqual([9]);
  });
});
