import { expect, test } from "bun:test";
import { changes } from "../../../src/top/draw.ts";

test("nothing is written where nothing has changed", () => {
  expect(changes(["a", "b"], ["a", "b"])).toBe("");
});

test("only lines that have changed are written, each erased before, and all of them at once", () => {
  expect(changes(["a", "b", "c"], ["a", "x", "c"])).toBe("\x1b[?2026h\x1b[2;1H\x1b[2Kx\x1b[?2026l");
});

test("what is not known is cleared", () => {
  expect(changes(undefined, ["a"])).toBe("\x1b[?2026h\x1b[m\x1b[2J\x1b[1;1H\x1b[2Ka\x1b[?2026l");
});
