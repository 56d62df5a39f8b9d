import { expect, test } from "bun:test";
import { ago, clockTime, size, took } from "../../../src/lib/ago.ts";

const NOW = new Date(2026, 10, 29, 14, 3, 59).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
  [0, "now"],
  [900, "now"],
  [59_900, "59 s ago"],
  [3 * MINUTE + 1, "3 min ago"],
  [23 * HOUR, "23 h ago"],
  [59 * 24 * HOUR, "59 d ago"],
  [61 * 24 * HOUR, "2026-09-29"],
  [-5 * MINUTE, "in 5 min"],
])("%p ms before now is %p", (ms, text) => {
  expect(ago(NOW - ms, NOW)).toBe(text);
});

test.each([
  [0, "0 ms"],
  [850.4, "850 ms"],
  [2345, "2.3 s"],
  [59_990, "59.9 s"],
  [65_000, "1 min 5 s"],
])("%p ms took %p", (ms, text) => {
  expect(took(ms)).toBe(text);
});

test("a time of today has no date", () => {
  expect(clockTime(NOW, NOW)).toBe("14:03:59");
  expect(clockTime(NOW - 24 * HOUR, NOW)).toBe("2026-11-28 14:03:59");
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [3_849, "3.8 KB"],
  [67_300_000, "67 MB"],
  [999_600, "1.0 MB"],
])("%p bytes are %p", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});
