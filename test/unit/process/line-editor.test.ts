import { expect, test } from "bun:test";
import { isEditorMode } from "../../../src/process/line-editor.ts";

test.each([
  ["bash, fish", 0o000, 0o000, true],
  ["zsh", 0o500, 0o000, true],
  ["read", 0o400, 0o012, false],
  ["read -s", 0o400, 0o002, false],
  ["read -n 1", 0o400, 0o010, false],
  ["read -s -n 1", 0o400, 0o000, false],
  ["Enter left as it is", 0o000, 0o012, false],
])("the terminal as set by %s", (_, input, local, expected) => {
  expect(isEditorMode(input, local)).toBe(expected);
});
