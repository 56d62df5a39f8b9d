import { expect, test } from "bun:test";
import { isBehindSecondary, isSecondaryPrompt } from "../../../src/panes/secondary-prompt.ts";

test.each([
  ["> ", true],
  ["dquote> ", true],
  ["for> ", true],
  ["for then cmdand> ", true],
  ["cmdsubst heredoc> ", true],
  ["", false],
  ["$ ", false],
  [">", false],
  ["> ls", false],
  ["vm# ", false],
  ["mysql> ", false],
  ["host> ", false],
  ["for mysql> ", false],
  ["fordquote> ", false],
])("%p: %p", (line, expected) => {
  expect(isSecondaryPrompt(line)).toBe(expected);
});

test.each([
  ["> ", true],
  ["> echo", true],
  ["for then cmdand> echo > x", true],
  ["$ echo > x", false],
  ["> ~/work $ ", false],
  ["mysql> select", false],
])("%p begins with one: %p", (line, expected) => {
  expect(isBehindSecondary(line)).toBe(expected);
});
