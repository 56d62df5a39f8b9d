import { describe, expect, test } from "bun:test";
import { mayBeOption, mayBeSet, showable, showableLine } from "../../../src/snapshots/harmless.ts";

test.each([
  "LD_PRELOAD",
  "BASH_ENV",
  "ENV",
  "PROMPT_COMMAND",
  "LESSOPEN",
  "LESSKEYIN",
  "VIMRUNTIME",
  "PS1",
  "CLAUDE_TMUX_KEY",
  "BUN_OPTIONS",
])("%s is never set", (name) => {
  expect([mayBeSet(name, "", true), mayBeSet(name, "", false)]).toEqual([false, false]);
});

test.each(["PATH", "EDITOR", "PORT", "HISTFILE", "HISTSIZE", "LESS", "PAGER", "HOME", "MAKEFLAGS", "XDG_CONFIG_HOME"])(
  "%s is set from one's own snapshot alone",
  (name) => {
    expect([mayBeSet(name, "", true), mayBeSet(name, "", false)]).toEqual([true, false]);
  },
);

test("LESS and MORE are, if their options do no more than show", () => {
  expect(["-R -i", "-R +!evil", "-o x"].map((value) => mayBeSet("LESS", value, true))).toEqual([true, false, false]);
  expect([mayBeSet("MORE", "-k x", true), mayBeSet("LESS", null, true)]).toEqual([false, true]);
});

test.each(["LANG", "LC_ALL", "TZ"])("%s is set", (name) => {
  expect(mayBeSet(name, "", false)).toBe(true);
});

test.each<[string, string, boolean]>([
  ["default-command", "sh", false],
  ["default-com", "sh", false],
  ["after-set-option[0]", "run-shell x", false],
  ["exit-unattached", "on", false],
  ["automatic-rename-format", "x", false],
  ["status-style", "#{E:@x}", false],
  ["@x", "1", false],
  ["status", "off", true],
  ["status-style", "bg=#ff0000", true],
])("a stranger may set %s to %s: %p", (name, value, expected) => {
  expect(mayBeOption(name, value, false)).toBe(expected);
  expect(mayBeOption(name, value, true)).toBe(true);
});

describe("what is shown in a terminal", () => {
  test.each([
    ["a\tb\n\x1b[1;31mred\x1b[0m 漢", "a\tb\n\x1b[1;31mred\x1b[0m 漢"],
    ["\x1b]52;c;x\x07a", "a"],
    ["\x1b]8;;http://x.y/\x1b\\link\x1b]8;;\x1b\\", "\x1b]8;;http://x.y/\x1b\\link\x1b]8;;\x1b\\"],
    ["\x1b]8;;file:///etc\x1b\\link", "link"],
    ["\x0elqk\x0f", "\x0elqk\x0f"],
    ["\x1b[6na\x1bPq\x1b\\b", "[6nab"],
    ["\x9b6n\x85", "6n"],
    ["a\rb\x7f", "ab"],
    ["\x1b", ""],
  ])("of %j is %j", (text, expected) => {
    expect(showable(text)).toBe(expected);
  });

  test("a name has one line, and no colours", () => {
    expect(showableLine("a\nb\x1b[31mc\x1b]0;x\x07")).toBe("abc");
  });
});
