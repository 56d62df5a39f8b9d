import { expect, test } from "bun:test";
import { isSamePrompt } from "../../../src/panes/wait-last.ts";
import type { ShellState } from "../../../src/tmux/shell-state.ts";

const shell = (word: ShellState["word"], prompt = 4, pid = 7): ShellState => ({
  text: "",
  key: "k",
  pid,
  word,
  prompt,
  code: 0,
  durationMs: 1,
});

test.each<[string, ShellState | undefined, ShellState | undefined, boolean]>([
  ["nothing has begun since", shell("idle"), shell("idle"), true],
  ["more is typed there", shell("idle"), shell("more"), true],
  ["something runs", shell("idle"), shell("run"), false],
  ["something has ended since", shell("idle"), shell("idle", 5), false],
  ["another shell tells", shell("idle"), shell("idle", 4, 8), false],
  ["another program's word stands there", shell("idle"), undefined, false],
  ["it can't be followed, as at the end", shell("off"), shell("off"), true],
  ["nothing was told at the end", undefined, shell("run"), true],
])("a shell is at the prompt of the end, or not: %s", (_, end, now, expected) => {
  expect(isSamePrompt(end, now)).toBe(expected);
});
