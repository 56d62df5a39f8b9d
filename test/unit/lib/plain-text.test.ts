import { expect, test } from "bun:test";
import { escapeControls, plainText } from "../../../src/lib/plain-text.ts";

test.each([
  ["plain, é 日本 🎉\ta\nb", "plain, é 日本 🎉\ta\nb"],
  ["\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b]52;c;QQ==\x1b\\", "red"],
  ["a\x07\x00\x7f\x0e\rb", "ab"],
  ["a\x9b31mb\x85c\x9d0;t\x9cd", plainText("a\x9b31mb\x85c\x9d0;t\x9cd")],
])("plainText(%j)", (text, expected) => {
  expect(plainText(text)).toBe(expected);
  expect(plainText(text)).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
});

test.each([
  ["plain\ta\nb", "plain\ta\nb"],
  ["\x1b[31mred\r\x07\x9b", "\\x1b[31mred\\r\\x07\\x9b"],
  ["a\u202ecod.exe\u2069", "a\\u202ecod.exe\\u2069"],
  ["\u061ca\u200e\u200f\u2028", "\\u061ca\\u200e\\u200f\\u2028"],
])("escapeControls(%j)", (text, expected) => {
  expect(escapeControls(text)).toBe(expected);
});
