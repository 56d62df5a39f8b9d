import { expect, test } from "bun:test";
import { parseHolder } from "../../../src/process/holder.ts";

test("reads what a lock's holder writes", () => {
  expect(parseHolder('{"pid":42,"startTime":7,"startedAt":9}\n')).toEqual({
    pid: 42,
    startTime: 7,
    startedAt: 9,
    args: [],
  });
  expect(parseHolder('{"pid":42,"startTime":7,"startedAt":9,"args":["-L","x"]}')?.args).toEqual(["-L", "x"]);
});

test.each([
  "",
  "42",
  "null",
  "{}",
  '{"pid":1,"startTime":7,"startedAt":9}',
  '{"pid":-5,"startTime":7,"startedAt":9}',
  '{"pid":42.5,"startTime":7,"startedAt":9}',
  '{"pid":"42","startTime":7,"startedAt":9}',
  '{"pid":42,"startTime":7,"startedAt":9,"args":[1]}',
])("%p names no holder", (text) => {
  expect(parseHolder(text)).toBeUndefined();
});
