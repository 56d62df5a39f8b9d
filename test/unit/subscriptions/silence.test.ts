import { expect, test } from "bun:test";
import { poll } from "../../../src/lib/wait.ts";
import { firedAt, Silence } from "../../../src/subscriptions/silence.ts";
import { type Fired, interestOf, row } from "./rows.ts";

test.each([
  ['{"fired_at":12}', 12],
  [null, 0],
  ["", 0],
  ["{", 0],
  ["null", 0],
  ['{"fired_at":"x"}', 0],
])("the progress %j", (progress, expected) => {
  expect(firedAt(progress)).toBe(expected);
});

test("does not fire when its process was held up and has not read yet what was written meanwhile", async () => {
  let count = 0;
  using silence = new Silence(0.05, () => count++, 0, false);
  Bun.sleepSync(300);
  setTimeout(() => silence.wrote(), 20); // as what waits in a pipe is read
  await Bun.sleep(1);
  await Bun.sleep(1);
  expect(count).toBe(0);
  await poll(5000, 5, () => count > 0);
  expect(count).toBe(1);
});

test("fires once for each silence", async () => {
  let count = 0;
  let wake = () => {};
  const fired = (n: number) =>
    new Promise<void>((resolve) => {
      if (count >= n) resolve();
      else wake = resolve;
    });
  using silence = new Silence(
    0.01,
    () => {
      count++;
      wake();
    },
    0,
    false,
  );
  await fired(1);
  silence.wrote();
  await fired(2);
  expect(count).toBe(2);
});

test("its event tells for how long; what was silent before it was asked for does not count", async () => {
  const fired: Fired[] = [];
  const { listen } = interestOf(row("silence", { seconds: 0.05, created_at: Date.now() }), {
    fired: (one) => fired.push(one),
  });
  const began = Date.now();
  const listener = listen?.({ shell: undefined, activityAt: began - 60_000 });
  expect(fired).toEqual([]);
  await poll(5000, 5, () => fired.length > 0);
  listener?.[Symbol.dispose]?.();
  expect(fired).toMatchObject([{ message: "no output for 0.05 s", about: { seconds: 0.05 } }]);
  expect(firedAt(fired[0]?.progress ?? null)).toBeGreaterThanOrEqual(began + 40);
});
