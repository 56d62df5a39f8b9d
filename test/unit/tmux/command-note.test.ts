import { expect, test } from "bun:test";
import { parseCommandNote } from "../../../src/tmux/command-note.ts";

test.each([
  ["//1", { place: undefined, lines: 0, isAwaited: true }],
  ["10 5 80 1/2/0", { place: { row: 15, historySize: 10, width: 80, isAlternate: true }, lines: 2, isAwaited: false }],
  ["", { place: undefined, lines: 0, isAwaited: false }],
])("%p", (expansion, expected) => {
  expect(parseCommandNote(expansion)).toEqual(expected);
});
