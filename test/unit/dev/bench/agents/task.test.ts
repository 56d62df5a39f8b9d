import { expect, test } from "bun:test";
import { type Conclusion, judge } from "../../../../../src/dev/bench/agents/task.ts";

test.each<[Conclusion, ReturnType<typeof judge>]>([
  [{ ready: false, exit_code: 3 }, "right"],
  [{ ready: false, exit_code: 3, more: "is not asked for" }, "right"],
  [{ ready: false, exit_code: "unknown" }, "unknown"],
  [{ ready: false }, "unknown"],
  [{ ready: false, exit_code: Number.NaN }, "unknown"],
  [{ ready: true, exit_code: "unknown" }, "wrong"],
  [{ ready: false, exit_code: "3" }, "wrong"],
])("%p, where it has not become ready and ended with 3, is %s", (concluded, expected) => {
  expect(judge({ ready: false, exit_code: 3 }, concluded)).toBe(expected);
});
