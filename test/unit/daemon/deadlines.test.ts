import { expect, test } from "bun:test";
import { Deadlines } from "../../../src/daemon/deadlines.ts";
import type { Subscription } from "../../../src/store/subscriptions.ts";

const at = (id: number, deadline: number | null) => ({ id, deadline }) as Subscription;

/** Deadlines whose firings are collected; `fired(n)` resolves with the first n. */
function collect() {
  const ids: number[] = [];
  let wake = () => {};
  const deadlines = new Deadlines(({ id }) => {
    ids.push(id);
    wake();
  });
  const fired = async (count: number) => {
    while (ids.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return ids;
  };
  return { deadlines, ids, fired };
}

test("fires what is due at once, the rest by timers in order, each once", async () => {
  const { deadlines, ids, fired } = collect();
  const now = Date.now();
  deadlines.set([at(1, now + 30), at(2, now - 1000), at(3, now + 10), at(4, null), at(5, now + 1e9)]);
  expect(ids).toEqual([2]);
  expect(await fired(3)).toEqual([2, 3, 1]);
  deadlines.check();
  expect(ids).toEqual([2, 3, 1]);
  deadlines.close();
});

test("forgets those that are not wanted any more", async () => {
  const { deadlines, fired } = collect();
  const now = Date.now();
  deadlines.set([at(1, now + 5), at(2, now + 10)]);
  deadlines.set([at(2, now + 10)]);
  expect(await fired(1)).toEqual([2]);
  deadlines.close();
});
