import { expect, test } from "bun:test";
import { codeOf, endData } from "../../../src/daemon/last-words.ts";

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
