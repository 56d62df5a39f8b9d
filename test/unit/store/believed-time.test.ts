import { expect, test } from "bun:test";
import { believedTime } from "../../../src/store/believed-time.ts";
import { memoryStore } from "./stores.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (ms: number, uptime: number, boot = "a") => ({ ms, uptime, boot });

test("a clock that is 40 days ahead for a while makes nothing old, whichever process asks", () => {
  using store = memoryStore();
  const start = 1000 * DAY_MS;
  expect(believedTime(store, at(start, 10))).toBe(start);
  expect(believedTime(store, at(start + 40 * DAY_MS, 70))).toBe(start + 60_000);
  expect(believedTime(store, at(start + 40 * DAY_MS + HOUR_MS, 70 + 3600))).toBe(start + 60_000 + HOUR_MS);
  expect(believedTime(store, at(start + 2 * HOUR_MS, 10 + 7200))).toBe(start + 2 * HOUR_MS); // set right again
});

test("after a day it is believed", () => {
  using store = memoryStore();
  const [start, jump] = [1000 * DAY_MS, 40 * DAY_MS];
  believedTime(store, at(start, 0));
  believedTime(store, at(start + jump, 60));
  expect(believedTime(store, at(start + jump + DAY_MS - 1000, 86_400))).toBe(start + DAY_MS);
  expect(believedTime(store, at(start + jump + DAY_MS, 86_460))).toBe(start + jump + DAY_MS);
});

test("days in which the machine was off count from the second day on", () => {
  using store = memoryStore();
  const start = 1000 * DAY_MS;
  believedTime(store, at(start, 500_000));
  expect(believedTime(store, at(start + 40 * DAY_MS, 30, "b"))).toBe(start + 30_000);
  expect(believedTime(store, at(start + 41 * DAY_MS, 30 + 86_400, "b"))).toBe(start + 41 * DAY_MS);
});

test("an ordinary look writes nothing within the hour, and a note that can't be read is no obstacle", () => {
  using store = memoryStore();
  believedTime(store, at(5000, 1));
  const note = () => store.query("SELECT value FROM notes WHERE key = 'clock'").values();
  const before = note();
  believedTime(store, at(65_000, 61));
  expect(note()).toEqual(before);
  store.run("UPDATE notes SET value = '{' WHERE key = 'clock'");
  expect(believedTime(store, at(70_000, 66))).toBe(70_000);
});
