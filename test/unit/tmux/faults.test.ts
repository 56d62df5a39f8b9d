import { expect, test } from "bun:test";
import { faultsOf } from "../../../src/tmux/faults.ts";

const CRASH = "may crash when a control client attaches";
const HELD = "crashes when a pane dies that is kept";
const SIZE = "ignores the size";
const SIGNAL = "shows the signal";
const WIDTH = "hangs for good when a format measures";
const DOLLAR = "prints $NAME as \\$NAME";

test.each([
  ["3.2a", [CRASH, HELD, SIZE, SIGNAL]],
  ["3.3a", [CRASH, WIDTH]],
  ["3.4", [CRASH, DOLLAR]],
  ["3.5a", [CRASH]],
  ["3.6b", [CRASH]],
  ["next-3.7", []],
  ["3.7c", []],
  ["master", []],
])("tmux %p has these faults: %p", (version, beginnings) => {
  const faults = faultsOf(version);
  expect(faults.map(({ message }) => beginnings.find((beginning) => message.startsWith(beginning)))).toEqual(
    beginnings,
  );
});

test("each comes with what to do, and one of them claude-tmux can't go round", () => {
  const found = ["3.2a", "3.3a", "3.4", "3.6b"].map(faultsOf);
  expect(found.map((faults) => faults.filter(({ isGoneRound }) => !isGoneRound).length)).toEqual([1, 0, 0, 0]);
  for (const { advice } of found.flat()) expect(advice).toMatch(/^[A-Z ].*\.$|^claude-tmux lets .*\.$/);
});
