import { expect, test } from "bun:test";
import { isBarePrompt } from "../../../src/gc/drafts.ts";

test.each([
  ["$ ", true],
  ["# ", true],
  ["user@host:~/work$ ", true],
  ["[user@host work]% ", true],
  ["user@host> ", true],
  // the rest of a command is waited for
  ["> ", false],
  ["$ make", false],
  ["$ make ", false],
  ["$ echo a > ", false],
  ["$ # ", false],
  ["", false],
  ["make", false],
  ["Password: ", false],
])("%p is a prompt with nothing behind it: %p", (left, expected) => {
  expect(isBarePrompt(left)).toBe(expected);
});
