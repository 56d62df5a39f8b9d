import { expect, test } from "bun:test";
import { isDue } from "../../../src/gc/schedule.ts";

const LAST = { at: 1e12, uptime: 1000, boot: "a", collected: 0 };

test("it is collected when so much time has passed, whatever was done to the clock", () => {
  expect(isDue(undefined, 3600, { ms: 1e12, uptime: 1, boot: "a" })).toBe(true);
  expect(isDue(LAST, 3600, { ms: 1e12 + 1e9, uptime: 4599, boot: "a" })).toBe(false);
  expect(isDue(LAST, 3600, { ms: 1e12 - 1e9, uptime: 4600, boot: "a" })).toBe(true);
  expect(isDue(LAST, 3600, { ms: 1e12, uptime: 1, boot: "b" })).toBe(true);
});
