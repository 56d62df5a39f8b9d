import { expect, test } from "bun:test";
import type { Look } from "../../../src/panes/look.ts";
import type { LastCommand } from "../../../src/panes/since.ts";
import { sinceBefore } from "../../../src/panes/watch-end.ts";
import { parseShellState } from "../../../src/tmux/shell-state.ts";

const look = (state: LastCommand["state"], told: string) => {
  const shell = parseShellState(`claude-tmux:0123456789abcdef;7;${told};0;`);
  return { pane: { shell }, command: { state, isTyped: true } } as unknown as Look;
};

test.each<[string, Look, Look, LastCommand["state"]]>([
  ["that ran counts as ended, whoever else was told", look("running", "run;3"), look("none", "idle;4"), "ended"],
  ["that began since, and has ended, does", look("none", "idle;3"), look("none", "idle;4"), "ended"],
  ["that runs still does", look("running", "run;3"), look("running", "run;3"), "running"],
  ["that had ended before is nobody's", look("none", "idle;4"), look("none", "idle;4"), "none"],
])("for who has looked before, a command %s", (_, before, now, expected) => {
  expect(sinceBefore(before, now).command).toEqual({ state: expected, isTyped: true });
});
