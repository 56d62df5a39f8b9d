import { expect, test } from "bun:test";
import { firedAt, Silence } from "../../../src/daemon/silence.ts";
import { poll } from "../../../src/lib/wait.ts";

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
  setTimeout(() => silence.touch(), 20); // as what waits in a pipe is read
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
  silence.touch();
  await fired(2);
  expect(count).toBe(2);
});
