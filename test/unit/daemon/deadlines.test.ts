import { expect, test } from "bun:test";
import { type Deadline, Deadlines } from "../../../src/daemon/deadlines.ts";
import { BelievedClock } from "../../../src/lib/believed-clock.ts";

/** Deadlines that are collected as they pass, by number; `passed(n)` resolves with the first n. */
function collect() {
  const ids: number[] = [];
  let wake = () => {};
  const deadlines = new Deadlines();
  const at = (id: number, at: number): Deadline => {
    const pass = () => {
      ids.push(id);
      wake();
    };
    return { at, madeAt: 0, pass };
  };
  const passed = async (count: number) => {
    while (ids.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return ids;
  };
  return { deadlines, at, ids, passed };
}

test("what is due passes at once, the rest by timers in order, each once", async () => {
  const { deadlines, at, ids, passed } = collect();
  const now = Date.now();
  deadlines.set([at(1, now + 30), at(2, now - 1000), at(3, now + 10), at(4, now + 1e9)]);
  expect(ids).toEqual([2]);
  expect(await passed(3)).toEqual([2, 3, 1]);
  deadlines.check();
  expect(ids).toEqual([2, 3, 1]);
  deadlines.close();
});

test("forgets those that are not wanted any more", async () => {
  const { deadlines, at, passed } = collect();
  const now = Date.now();
  deadlines.set([at(1, now + 5), at(2, now + 10)]);
  deadlines.set([at(2, now + 10)]);
  expect(await passed(1)).toEqual([2]);
  deadlines.close();
});

test("a clock that jumps ahead makes nothing pass at once, but when it has been so for two minutes", () => {
  const now = { ms: 1_000_000, uptime: 100, boot: "a" };
  const ids: number[] = [];
  const clock = new BelievedClock(120, () => now);
  const deadlines = new Deadlines(clock);
  const pass = (seconds: number, jumpMs = 0) => {
    now.uptime += seconds;
    now.ms += seconds * 1000 + jumpMs;
    deadlines.check();
    return [...ids];
  };
  const made = (id: number, at: number): Deadline => ({ at, madeAt: now.ms, pass: () => ids.push(id) });
  const [soon, later, far] = [made(1, 1_030_000), made(2, 1_600_000), made(3, 9e12)];
  deadlines.set([soon, later, far]);
  expect(pass(10, 40 * 86_400_000)).toEqual([]);
  expect(pass(21)).toEqual([1]); // by the time that has passed
  deadlines.set([later, far, made(4, now.ms + 5000)]);
  expect(pass(6)).toEqual([1, 4]); // made by the clock as it is now
  expect(pass(90)).toEqual([1, 4]);
  expect(pass(30)).toEqual([1, 4, 2]);
  deadlines.close();
});
