import { expect, test } from "bun:test";
import { claudeOn, saidOn } from "../../../../../../src/dev/bench/agents/ways/claude-screen.ts";

const RULE = "─".repeat(20);
const COMPOSER = `${RULE}\n❯\n${RULE}\n  ? for shortcuts`;
const DIALOG = " Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel";

test.each([
  [`● I run them.\n\n✻ Cogitating… (3s · esc to interrupt)\n\n${COMPOSER}`, "working"],
  ["✻ Cogitating… (3s · esc to interrupt)\n❯\n  ? for shortcuts", "working"],
  [`● It says "esc to interrupt".\n● Then more.\n● And more.\n● And the end.\n\n${COMPOSER}`, "idle"],
  [`  ⎿  Interrupted · What should Claude do instead?\n\n${COMPOSER}`, "idle"],
  [`● Bash(npm test)\n\n${RULE}\n${DIALOG}`, "permission"],
  [" Which colour?\n   1. Red\n ❯ 2. Blue\n", "question"],
  [`✻ Cogitating… (3s · esc to interrupt)\n\n${RULE}\n❯ Killed\ndev@host:~$ ${RULE}\n  ? for shortcuts`, "dead"],
  ["", "unknown"],
])("a screen %#: %s", (text, expected) => {
  expect(claudeOn(text)).toBe(expected);
});

test.each([
  ["● Before.\n\n❯ Which id?\n\n● It is 7.\n", "It is 7."],
  ["● Before.\n\n❯ Which id?\n", "unknown"],
  ["● Before.\n", "unknown"],
])("what it said to a prompt %#", (text, expected) => {
  expect(saidOn(text, "Which id?")).toBe(expected);
});
