import { expect, test } from "bun:test";
import { firedAt, Silence } from "../../../src/daemon/silence.ts";

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
