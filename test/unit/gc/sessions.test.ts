import { describe, expect, test } from "bun:test";
import { idleMs } from "../../../src/gc/sessions.ts";

// made at 1,000,000 s by the clock, when the machine had run for 500 s
const MADE = { at: 1_000_000_000, uptime: 500, boot: "a" };
const HOUR = 3600;

describe("for how long nothing has happened", () => {
  test("by the clock, in whole seconds and never too long", () => {
    const now = { ms: MADE.at + 10 * HOUR * 1000, uptime: 500 + 10 * HOUR, boot: "a" };
    expect(idleMs(1_000_000 + 8 * HOUR, MADE, now)).toBe((2 * HOUR - 1) * 1000);
  });

  test("a clock that was set ahead since makes nothing older", () => {
    const now = { ms: MADE.at + 34 * HOUR * 1000, uptime: 500 + 10 * HOUR, boot: "a" };
    expect(idleMs(1_000_000 + 8 * HOUR, MADE, now)).toBe((2 * HOUR - 1) * 1000);
    // nor when what happened last did so before that
    expect(idleMs(1_000_000 + 33 * HOUR, MADE, now)).toBeLessThan(0);
  });

  test("nor does one that was set back", () => {
    const now = { ms: MADE.at - 14 * HOUR * 1000, uptime: 500 + 10 * HOUR, boot: "a" };
    expect(idleMs(1_000_000 + 8 * HOUR, MADE, now)).toBeLessThan(0);
  });

  test("after another start of the machine nobody knows", () => {
    expect(idleMs(1_000_000, MADE, { ms: MADE.at + 1e9, uptime: 1e6, boot: "b" })).toBeUndefined();
  });

  test("where the kernel does not tell, by the clock alone", () => {
    const now = { ms: MADE.at + 2 * HOUR * 1000, uptime: 1, boot: "process 1" };
    expect(idleMs(1_000_000, { at: MADE.at }, now)).toBe((2 * HOUR - 1) * 1000);
  });
});
