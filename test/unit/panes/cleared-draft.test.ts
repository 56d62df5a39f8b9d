import { expect, test } from "bun:test";
import { heldDraft } from "../../../src/panes/cleared-draft.ts";

test.each([
  // the terminal itself (dash)
  ["^E\b \b\b \b printf", false],
  ["^E\b \b\b \b\b \b printf", true],
  // bash, also with the cursor in the middle
  ["\x07 printf", false],
  ["\b\b\b\x1b[K printf", true],
  ["\x1b[C\x1b[C\b\b\b\b\b\x1b[K printf", true],
  // zsh
  [" \b printf", false],
  ["\x1b[10D          \x1b[10D \b printf", true],
  ["\b \b \b printf", true],
  // fish, also where it suggests how the line may go on
  [" \r\x1b[12Cprintf", false],
  ["\r\x1b[22C\x1b[11D\x1b[K\r\x1b[11C \r\x1b[12Cprintf", true],
  ["\bx86_64 \r\x1b[18C\b\b\b\b\b\b\b\x1b[K\r", undefined],
  // something else
  ["\r$ \x1b[K printf", undefined],
  ["", undefined],
])("what was heard when a line was cleared: %p held a draft: %p", (heard, expected) => {
  expect(heldDraft(heard)).toBe(expected);
});

test.each([
  ["\r\x1b[C\x1b[C\x1b[K printf", "$ ls", true],
  ["\r\x1b[2C\x1b[K printf", "$ ls", true],
  ["\x1bM\x1b[A\r\x1b[C\x1b[C\x1b[K printf", `$ ${"x".repeat(200)}`, true],
  ["\x1bM\x1bM\b\b\x1b[K\r\n\r\x1b[K printf", `$ ${"x".repeat(200)}`, true],
  // nothing stood behind the prompt
  ["\r\x1b[C\x1b[C\x1b[K printf", "$ ", undefined],
  ["\r\x1b[C\x1b[C\x1b[K printf", undefined, undefined],
  // the line editors' vi keys
  ["^E\r\x1b[C\x1b[C\x1b[K printf", "$ ls", undefined],
])("%p, behind %p, held a draft: %p", (heard, line, expected) => {
  expect(heldDraft(heard, line)).toBe(expected);
});
