import { expect, test } from "bun:test";
import { isEditorMode, modeOf } from "../../../src/process/terminal-mode.ts";

test.each([
  ["bash, fish", 0o000, 0o000, true],
  ["zsh", 0o500, 0o000, true],
  ["read", 0o400, 0o012, false],
  ["read -s", 0o400, 0o002, false],
  ["read -n 1", 0o400, 0o010, false],
  ["read -s -n 1", 0o400, 0o000, false],
  ["Enter left as it is", 0o000, 0o012, false],
])("the terminal as set by %s", (_, input, local, expected) => {
  expect(isEditorMode(modeOf(input, local))).toBe(expected);
});

test.each([
  ["cat, input()", 0o400, 0o012, { isCanonical: true, echoes: true }],
  ["a password prompt", 0o400, 0o002, { isCanonical: true, echoes: false }],
  ["an editor", 0o000, 0o000, { isCanonical: false, echoes: false }],
])("%s has its terminal so", (_, input, local, expected) => {
  expect(modeOf(input, local)).toMatchObject(expected);
});
