import { describe, expect, test } from "bun:test";
import { afterEcho, beforeColumn, type Echo, splitPrompt, withoutEchoes } from "../../../src/panes/ask-text.ts";

test.each([
  ["name? ", 6, "name? "],
  ["name?", 6, "name? "],
  ["", 0, ""],
  ["abc", 2, "ab"],
  ["日本 x", 5, "日本 "],
  ["e\u0301a", 1, "e\u0301"],
])("of the row %p, %p columns are %p", (row, column, expected) => {
  expect(beforeColumn(row, column)).toBe(expected);
});

describe("what was written after the echo", () => {
  const shown: Echo = { typed: ["x"], way: "shown" };
  test.each([
    ["x\r\n42\r\n>>> ", shown, "42\r\n>>> "],
    ["x", shown, ""],
    ["\r\nwelcome\r\n", { ...shown, way: "hidden" }, "welcome\r\n"],
    ["welcome\r\n", { ...shown, way: "hidden" }, "welcome\r\n"],
    ["42\r\n", { ...shown, way: "none" }, "42\r\n"],
  ] as [string, Echo, string][])("%p, %p", (raw, echo, expected) => {
    expect(afterEcho(raw, echo)).toBe(expected);
  });

  test("has no line of several that were typed", () => {
    const echo: Echo = { typed: ["for i in (1, 2):", "  print(i)", ""], way: "shown" };
    expect(withoutEchoes(["...   print(i)", "... ", "1", "2", ">>> "], echo)).toEqual(["... ", "1", "2", ">>> "]);
    expect(withoutEchoes(["1"], { ...echo, way: "none" })).toEqual(["1"]);
  });
});

test.each([
  ["a\nb\n>>> ", false, { output: "a\nb", prompt: ">>> " }],
  [">>> ", false, { output: "", prompt: ">>> " }],
  ["a\nb", true, { output: "a\nb", prompt: "" }],
])("%p in its parts", (text, isLineEnded, expected) => {
  expect(splitPrompt(text, isLineEnded)).toEqual(expected);
});
