import { expect, test } from "bun:test";
import { codeOf, endData } from "../../../src/daemon/last-words.ts";
import { exitOf } from "../../../src/process/exits.ts";
import { CommandFollower } from "../../../src/subscriptions/command-ends.ts";
import { parseShellState } from "../../../src/tmux/shell-state.ts";

test.each([
  ["nothing is known", undefined, undefined, {}],
  ["an exit code, which may be 0", { exitCode: 0 }, undefined, { exit_code: 0 }],
  ["a signal", { signal: 9 }, undefined, { signal: 9 }],
  ["a dead pane of which tmux does not say how", {}, undefined, {}],
  ["words alone", undefined, { command: "make", lines: ["a  ", ""] }, { last_command: "make", last_lines: ["a"] }],
  ["a command that nobody saw", { exitCode: 1 }, { command: "", lines: [] }, { exit_code: 1, last_lines: [] }],
  [
    "the last five lines, without what tmux says itself",
    undefined,
    { command: "", lines: ["1", "2", "3", "4", "5", "6", "", "Pane is dead (status 1, Sat Nov 28)"] },
    { last_lines: ["2", "3", "4", "5", "6"] },
  ],
])("of a pane's end: %s", (_, how, words, expected) => {
  expect(endData(how, words)).toEqual(expected);
});

test("a signal is an exit code to a shell", () => {
  expect([codeOf({ exitCode: 3 }), codeOf({ signal: 9 }), codeOf({}), codeOf(undefined)]).toEqual([
    ...[3, 137, undefined, undefined],
  ]);
});

test.each([
  [0, { exitCode: 0 }],
  [42 << 8, { exitCode: 42 }],
  [255 << 8, { exitCode: 255 }],
  [9, { signal: 9 }],
  [11 | 0x80, { signal: 11 }],
])("the wait status %p", (status, expected) => {
  expect(exitOf(status)).toEqual(expected);
});

test("a follower of commands knows the last one, and whether it runs", () => {
  const state = (text: string) => {
    const read = parseShellState(`claude-tmux:0123456789abcdef;7;${text}`);
    if (!read) throw new Error(text);
    return read;
  };
  const follower = new CommandFollower(undefined);
  expect([follower.isRunning, follower.lastLine]).toEqual([false, ""]);
  follower.take(state("run;1;0;"), "$ make");
  expect([follower.isRunning, follower.lastLine]).toEqual([true, "$ make"]);
  follower.take(state("idle;2;0;1000"), "");
  expect([follower.isRunning, follower.lastLine]).toEqual([false, "$ make"]);
});
