import { expect, test } from "bun:test";
import { whyEnded } from "../../../../../../src/dev/bench/agents/ways/why.ts";

test.each([
  [0, "exit 0"],
  [128, "exit 128"],
  [137, "signal 9"],
  [200, "exit 200"],
  [undefined, "unknown"],
  [Number.NaN, "unknown"],
])("%p is %s", (code, expected) => {
  expect(whyEnded(code)).toBe(expected);
});
