import { expect, test } from "bun:test";
import { openLibc } from "../../../src/lib/libc.ts";

test("a function that the C library does not have is an error, and not one that is undefined", () => {
  expect(openLibc({ getpid: { args: [], returns: "i32" } }).getpid()).toBe(process.pid);
  expect(() => openLibc({ nosuchfunction: { args: [], returns: "i32" } })).toThrow("nosuchfunction");
});
