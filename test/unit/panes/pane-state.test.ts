import { expect, test } from "bun:test";
import { lastExitCode, readState } from "../../../src/panes/pane-state.ts";
import { exitCodeOf, readDeath } from "../../../src/tmux/death.ts";
import { parseShellState } from "../../../src/tmux/shell-state.ts";

const row = (dead: string, status: string, signal: string) => ({
  ...{ pane_dead: dead, pane_dead_status: status, pane_dead_signal: signal },
  ...{ alternate_on: "0", window_activity: "1000", window_panes: "1" },
  ...{ pane_pb_state: "", pane_pb_progress: "" },
});

test.each([
  ["one that lives", row("0", "", ""), undefined, undefined],
  ["an exit code", row("1", "9", ""), { exitCode: 9 }, 9],
  ["success", row("1", "0", ""), { exitCode: 0 }, 0],
  ["a signal, as Linux has it", row("1", "", "15"), { signal: 15 }, 143],
  ["a signal, as BSD has it", row("1", "", "kill"), { signal: 9 }, 137],
  ["a signal with a name nobody knows", row("1", "", "whatever"), {}, undefined],
  ["nothing is known", row("1", "", ""), {}, undefined],
])("how a pane died: %s", (_, variables, expected, code) => {
  const death = readDeath(variables);
  expect(death).toEqual(expected);
  expect(death && exitCodeOf(death)).toBe(code);
});

test("the state of a pane: what is not known is absent", () => {
  expect(readState(row("0", "", ""), 1_002_500)).toEqual({ full_screen: false, idle_ms: 2500 });
  expect(readState({ ...row("0", "", ""), window_panes: "2", alternate_on: "1" }, 0)).toEqual({ full_screen: true });
  expect(readState(row("1", "", "9"), 0)).toEqual({ full_screen: false, idle_ms: 0, signal: 9 });
});

test("the exit code of an earlier prompt is not a dead pane's", () => {
  const shell = parseShellState("claude-tmux:0123456789abcdef;7;idle;3;0;");
  const code = (isDead: boolean, state: object) => lastExitCode({ isDead, shell }, { full_screen: false, ...state });
  expect(code(false, {})).toBe(0);
  expect(code(true, { exit_code: 9 })).toBe(9);
  expect(code(true, { signal: 9 })).toBe(137);
  expect(code(true, {})).toBeNull();
});

test("a progress bar is told with how far it has got, and none where it is hidden, or tmux does not tell it", () => {
  const bar = (state: string, percent: string) =>
    readState({ ...row("0", "", ""), pane_pb_state: state, pane_pb_progress: percent }, 0).progress;
  expect(bar("normal", "40")).toEqual({ state: "normal", percent: 40 });
  expect(bar("error", "0")).toEqual({ state: "error", percent: 0 });
  expect(bar("indeterminate", "40")).toEqual({ state: "indeterminate" });
  for (const none of ["hidden", "", "whatever"]) expect(bar(none, "40")).toBeUndefined();
});
