import { expect, test } from "bun:test";
import { Counted, lastLinesOf, lastOf } from "../../../src/panes/counted.ts";
import type { LastCommand } from "../../../src/panes/since.ts";
import { parseShellState } from "../../../src/tmux/shell-state.ts";
import { parseLastTyped } from "../../../src/tmux/typed.ts";

/** A pane into which nothing was typed, whose shell has told that. */
const paneOf = (told: string) => ({
  shell: parseShellState(`claude-tmux:0123456789abcdef;7;${told};0;`),
  typed: parseLastTyped(""),
  isTypedPending: false,
});
const look = (lines: string[], state: LastCommand["state"], first: number | undefined, told = "run;3") => ({
  ...{ pane: paneOf(told), lines, cursorLine: lines.length - 1, typings: [] },
  ...{ command: { state, isTyped: true }, first },
});
const isHit = (line: string) => line.includes("hit");

test.each<[string, ReturnType<typeof look>, { existing?: "all" | "none"; lines?: number }, string[]]>([
  ["a command's lines", look(["hit 1", "$ x", "hit 2"], "running", 1), {}, ["hit 2"]],
  ["at most so many of them", look(["$ x", "hit 1", "b", "c"], "running", 0), { lines: 2 }, []],
  ["not the prompt", look(["$ x", "hit 1", "hit $"], "ended", 0, "idle;4"), {}, ["hit 1"]],
  ["nothing at the prompt", look(["hit 1", "$"], "none", 0, "idle;4"), {}, []],
  ["nothing where it can't be known", look(["hit 1", "a"], "running", undefined), {}, []],
  ["all, when asked for", look(["hit 1", "$ hit"], "none", 0, "idle;4"), { existing: "all" }, ["hit 1", "$ hit"]],
  ["nothing, when asked for", look(["$ x", "hit 1"], "running", 0), { existing: "none" }, []],
  ["the last, of a shell that does not tell", look(["hit 1", "$"], "untold", undefined), {}, ["hit 1"]],
])("what counts: %s", (_, seen, options, expected) => {
  expect(new Counted(seen, isHit, { existing: undefined, lines: undefined, ...options }).found).toEqual(expected);
});

test("later, what was there before does not count again", () => {
  const counted = new Counted(look(["hit 1", "hit 1", "$ x"], "running", 2), isHit, {
    existing: undefined,
    lines: undefined,
  });
  expect(counted.news(look(["hit 1", "hit 1", "$ x", "hit 1"], "running", 2))).toEqual(["hit 1"]);
  expect(counted.news(look(["hit 1", "hit 1", "$ x", "b"], "running", 2))).toEqual([]);
});

test("a command's last lines", () => {
  const seen = look(["a", "$ x", "1", "2", "3", "4", "5", "6", "", "$"], "ended", 2, "idle;4");
  expect(lastLinesOf(seen)).toEqual(["2", "3", "4", "5", "6"]);
  expect(lastLinesOf({ ...seen, first: undefined })).toBeUndefined();
  expect(lastOf(["", " "])).toEqual([]);
});
