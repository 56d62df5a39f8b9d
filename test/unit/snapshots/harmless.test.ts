import { describe, expect, test } from "bun:test";
import { isCodeOption, isCodeVariable, showable, showableLine } from "../../../src/snapshots/harmless.ts";

test.each([
  "LD_PRELOAD",
  "BASH_ENV",
  "ENV",
  "PROMPT_COMMAND",
  "LESSOPEN",
  "PS1",
  "NODE_OPTIONS",
  "CLAUDE_TMUX_KEY",
  "BUN_OPTIONS",
])("%s is never set", (name) => {
  expect([isCodeVariable(name, true), isCodeVariable(name, false)]).toEqual([true, true]);
});

test.each(["PATH", "EDITOR", "SHELL"])("%s is set from one's own snapshot alone", (name) => {
  expect([isCodeVariable(name, true), isCodeVariable(name, false)]).toEqual([false, true]);
});

test.each(["PORT", "LANG", "ENVIRONMENT", "OLD_PATH"])("%s is set", (name) => {
  expect(isCodeVariable(name, false)).toBe(false);
});

test.each<[string, string, boolean]>([
  ["default-command", "sh", true],
  ["status-left", '"#(curl x)"', true],
  ["status-left", '"#S"', false],
  ["@x", "1", false],
])("the option %s %s: %p", (name, value, expected) => {
  expect(isCodeOption(name, value)).toBe(expected);
});

describe("what is shown in a terminal", () => {
  test.each([
    ["a\tb\n\x1b[1;31mred\x1b[0m 漢", "a\tb\n\x1b[1;31mred\x1b[0m 漢"],
    ["\x1b]52;c;x\x07a", "]52;c;xa"],
    ["\x1b[6na\x1bPq\x1b\\", "[6naPq\\"],
    ["\x9b6n\x85", "6n"],
    ["a\rb\x7f", "ab"],
    ["\x1b", ""],
  ])("of %j is %j", (text, expected) => {
    expect(showable(text)).toBe(expected);
  });

  test("a name has one line, and no colours", () => {
    expect(showableLine("a\nb\x1b[31mc\x1b]0;x\x07")).toBe("abc]0;x");
  });
});
