import { expect, test } from "bun:test";
import { isSecondaryPrompt } from "../../../src/panes/secondary-prompt.ts";

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
