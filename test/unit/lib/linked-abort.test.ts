import { heapStats } from "bun:jsc";
import { expect, test } from "bun:test";
import { LinkedAbort } from "../../../src/lib/linked-abort.ts";

test("is aborted by itself, and by any of the others, for their reason, until it is disposed of", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const own = new LinkedAbort(one.signal, undefined);
  own.abort("own");
  expect([own.signal.reason, one.signal.aborted]).toEqual(["own", false]);
  const linked = new LinkedAbort(one.signal, undefined, other.signal);
  const left = new LinkedAbort(one.signal, other.signal);
  left[Symbol.dispose]();
  other.abort("other");
  one.abort("late");
  expect([linked.signal.reason, left.signal.aborted]).toEqual(["other", false]);
  expect(new LinkedAbort(one.signal).signal.reason).toBe("late");
});

test("is collected, though who listens to it knows it", async () => {
  const lives = new AbortController();
  const call = () => {
    const ended = new AbortController();
    using linked = new LinkedAbort(lives.signal, ended.signal);
    const { signal } = linked;
    signal.addEventListener("abort", () => ended.abort(signal.reason));
  };
  const signals = () => {
    Bun.gc(true);
    return heapStats().objectTypeCounts.AbortSignal ?? 0;
  };
  const before = signals();
  for (let i = 0; i < 200; i++) call();
  await Bun.sleep(1);
  expect(signals()).toBeLessThan(before + 50);
});
