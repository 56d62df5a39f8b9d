import { expect, test } from "bun:test";
import { ageText, bytesText, cleanLine, fit, fitRight } from "../../../src/top/cells.ts";

test.each([
  ["plain", "plain"],
  ["a\tb\nc", "a b c"],
  ["\x1b[31mred\x1b[m \x1b]0;title\x07end  ", "red end"],
  ["\x1b[2J\x9b2Jx\x00\x7f\r", "x"],
  ["left \u202eright\u2066\u200e\u200f\u061c\u2028", "left right"],
  ["日本語", "日本語"],
])("%p is drawn as %p", (text, clean) => {
  expect(cleanLine(text)).toBe(clean);
});

test.each([
  ["ab", 4, "ab  "],
  ["abcd", 4, "abcd"],
  ["abcde", 4, "abc…"],
  ["日本語", 6, "日本語"],
  ["日本語", 5, "日本…"],
  // half of a letter can't be shown
  ["日本語", 4, "日… "],
  ["👩‍👩‍👧 x", 2, "… "],
  ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
  ["abc", 0, ""],
])("%p in %p columns is %p", (text, columns, fitted) => {
  expect(fit(text, columns)).toBe(fitted);
  expect(Bun.stringWidth(fit(text, columns))).toBe(columns);
});

test("numbers stand on the right", () => {
  expect([fitRight("5%", 4), fitRight("", 2), fitRight("12345", 3)]).toEqual(["  5%", "  ", "12…"]);
});

test.each([
  [-5, "0s"],
  [59_999, "59s"],
  [60_000, "1m"],
  [3_599_000, "59m"],
  [47 * 3_600_000, "47h"],
  [50 * 3_600_000, "2d"],
])("%p ms are told as %p", (ms, text) => {
  expect(ageText(ms)).toBe(text);
});

test.each([
  [512, "512B"],
  [812_000, "812K"],
  [3_440_000, "3.4M"],
  [34_400_000, "34M"],
  [999_600_000, "1.0G"],
  [64e9, "64G"],
])("%p bytes are told as %p", (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
