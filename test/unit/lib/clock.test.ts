import { expect, test } from "bun:test";
import { humanDuration, isoSeconds } from "../../../src/lib/clock.ts";

test.each([
  [0, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [125, "2 min 5 s"],
  [3661, "1 h 1 min"],
  [90_000, "1 d 1 h"],
  [-5, "0 s"],
])("%p seconds are %p", (seconds, text) => {
  expect(humanDuration(seconds)).toBe(text);
});

test("times of the bridge have no milliseconds", () => {
  expect(isoSeconds(Date.UTC(2025, 9, 21, 10, 30, 0, 999))).toBe("2025-10-21T10:30:00Z");
});
