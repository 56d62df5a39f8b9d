import { expect, test } from "bun:test";
import { FiringRate, type Pace, type Summed } from "../../../src/daemon/firing-rate.ts";

/** A rate of three a window of 30 ms; `written` is what was written, as `subscription first..last xcount`. */
function bounded(pace: () => Pace = () => ({ limit: 3, windowMs: 30 })) {
  const written: string[] = [];
  const state = { now: 0, isHeld: false };
  let wake = () => {};
  const rate = new FiringRate<string>(
    {
      pace,
      isHeld: () => state.isHeld,
      write: (id, { first, last, count }: Summed<string>) => {
        written.push(count === 1 ? `${id} ${first}` : `${id} ${first}..${last} x${count}`);
        wake();
      },
    },
    () => state.now,
  );
  const fire = (id: number, ...names: string[]) => {
    for (const name of names) rate.fire(id, name);
  };
  const until = async (count: number) => {
    while (written.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return written;
  };
  return { rate, written, state, fire, until };
}

test("within its pace each firing is written at once", () => {
  const { written, state, fire } = bounded();
  fire(1, "a", "b", "c");
  state.now = 30;
  fire(1, "d", "e", "f");
  expect(written).toEqual(["1 a", "1 b", "1 c", "1 d", "1 e", "1 f"]);
});

test("beyond it, the rest of the window becomes one, when the window is over", async () => {
  const { written, fire, until } = bounded();
  fire(1, "a", "b", "c", "d", "e", "f");
  fire(2, "x"); // another subscription has a pace of its own
  expect(written).toEqual(["1 a", "1 b", "1 c", "2 x"]);
  expect(await until(5)).toEqual(["1 a", "1 b", "1 c", "2 x", "1 d..f x3"]);
  fire(1, "g"); // the next window
  expect(written.at(-1)).toBe("1 g");
});

test("a single one beyond it is an ordinary one", async () => {
  const { fire, until } = bounded();
  fire(1, "a", "b", "c", "d");
  expect((await until(4)).at(-1)).toBe("1 d");
});

test("all counts together are exact, whenever it is asked for the sum", () => {
  const { rate, written, state, fire } = bounded();
  for (let i = 0; i < 10_000; i++) {
    if (i % 7 === 0) state.now += i % 40;
    if (i % 97 === 0) rate.flush();
    fire(i % 3, "x");
  }
  rate.close();
  const counts = written.map((line) => Number(/x(\d+)$/.exec(line)?.[1] ?? 1));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10_000);
});

test("after the sum was asked for, the rest of the window is a sum again", () => {
  const { rate, written, fire } = bounded();
  fire(1, "a", "b", "c", "d", "e");
  rate.flush(1);
  fire(1, "f", "g");
  rate.close();
  expect(written.slice(3)).toEqual(["1 d..e x2", "1 f..g x2"]);
});

test("while nothing can be written, all of it is one sum, however long that takes", () => {
  const { rate, written, state, fire } = bounded();
  state.isHeld = true;
  fire(1, "a", "b");
  state.now = 5000;
  fire(1, "c");
  rate.flush();
  expect(written).toEqual([]);
  state.isHeld = false;
  fire(1, "d"); // in order behind the others
  rate.flush();
  expect(written).toEqual(["1 a..d x4"]);
});

test("a subscription whose callbacks are behind is summed up from the first on", () => {
  const { rate, written, fire } = bounded(() => ({ limit: 0, windowMs: 60_000 }));
  fire(1, "a", "b");
  expect(written).toEqual([]);
  rate.close();
  expect(written).toEqual(["1 a..b x2"]);
});
