import { expect, spyOn, test } from "bun:test";
import { sleep, untilQuiet } from "../../../src/lib/wait.ts";

const DAY_MS = 86_400_000;

test("a sleep longer than a timer can be takes several, and all of its time", async () => {
  const waited: number[] = [];
  const timer = spyOn(globalThis, "setTimeout").mockImplementation(((call: () => void, ms: number) => {
    waited.push(ms);
    queueMicrotask(call);
    return 0;
  }) as never);
  try {
    expect(await sleep(60 * DAY_MS)).toBe(true);
  } finally {
    timer.mockRestore();
  }
  expect(Math.max(...waited)).toBeLessThan(2 ** 31);
  expect(waited.reduce((sum, ms) => sum + ms)).toBe(60 * DAY_MS);
});

test("a sleep is ended by its signal, and says so", async () => {
  const abort = new AbortController();
  const asleep = sleep(60 * DAY_MS, abort.signal);
  abort.abort();
  expect(await asleep).toBe(false);
  expect(await sleep(1, abort.signal)).toBe(false);
});

test("quiet is counted from the last that happened, and the end ends the wait", async () => {
  let lastAt = performance.now();
  const timer = setTimeout(() => {
    lastAt = performance.now();
  }, 20);
  const begun = performance.now();
  await untilQuiet(40, () => lastAt, new Promise(() => {}));
  expect(performance.now() - begun).toBeGreaterThan(55);
  await untilQuiet(60_000, () => lastAt, Promise.resolve());
  clearTimeout(timer);
});
