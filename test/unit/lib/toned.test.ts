import { expect, test } from "bun:test";
import { oneLine, paint, show, toned } from "../../../src/lib/toned.ts";

test("a text from anywhere is shown, and no terminal acts upon it", () => {
  const hostile = toned("\x1b]0;mine\x07\x1b[2Jred\x9b31m\u202eevil", "bad");
  expect(show(hostile, false)).toBe("\\x1b]0;mine\\x07\\x1b[2Jred\\x9b31m\\u202eevil");
  expect(show(hostile, true)).toBe(`\x1b[31m${show(hostile, false)}\x1b[0m`);
  expect(show("two\nlines\tand a tab", true)).toBe("two\nlines\tand a tab");
});

test("one line stays one", () => {
  expect(oneLine("a\nb\tc\r")).toBe("a\\nb c\\r");
  expect(oneLine(toned("a", "dim"))).toBe("a");
});

test.each([
  ["a", "good", true, "\x1b[32ma\x1b[0m"],
  ["a", "good", false, "a"],
  ["a", undefined, true, "a"],
  ["", "bad", true, ""],
] as const)("%p in %p, colours: %p", (text, tone, isColor, painted) => {
  expect(paint(text, tone, isColor)).toBe(painted);
});
