import { expect, test } from "bun:test";
import { BelievedClock, believe, readClocks } from "../../../src/lib/believed-clock.ts";

const note = { ms: 1_000_000, uptime: 100, boot: "a", aheadSince: null };

test.each([
  ["goes on", { ms: 1_010_000, uptime: 110, boot: "a" }, 1_010_000],
  ["is adjusted a little", { ms: 1_014_000, uptime: 110, boot: "a" }, 1_014_000],
  ["is set back", { ms: 5000, uptime: 110, boot: "a" }, 5000],
  ["jumps ahead", { ms: 9_000_000, uptime: 110, boot: "a" }, 1_010_000],
  ["has gone on in the time of another boot", { ms: 9_000_000, uptime: 10, boot: "b" }, 1_010_000],
])("a clock that %s", (_, now, expected) => {
  expect(believe(note, now, 60).believed).toBe(expected);
});

test("a jump is believed when it has lasted, and not when it was taken back meanwhile", () => {
  const now = { ms: 0, uptime: 0, boot: "a" };
  const clock = new BelievedClock(60, () => now);
  const at = (uptime: number, ms: number) => {
    Object.assign(now, { uptime, ms });
    return clock.read().believed;
  };
  expect([at(10, 10_000), at(20, 1_020_000), at(79, 1_079_000), at(81, 1_081_000)]).toEqual([
    10_000, 20_000, 79_000, 1_081_000,
  ]);
  expect([at(90, 5_000_000), at(100, 1_100_000), at(110, 5_020_000), at(160, 5_070_000)]).toEqual([
    1_090_000, 1_100_000, 1_110_000, 1_160_000,
  ]);
});

test("the clocks of this machine", () => {
  const [before, after] = [readClocks(), readClocks()];
  expect(after.boot).toBe(before.boot);
  expect(after.boot).not.toBe("");
  expect(after.uptime).toBeGreaterThanOrEqual(before.uptime);
});
