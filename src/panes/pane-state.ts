import { DEATH_VARIABLES, exitCodeOf, readDeath } from "../tmux/death.ts";
import type { Pane } from "../tmux/panes.ts";

/** What readState needs of each pane, beside PANE_VARIABLES. */
export const STATE_VARIABLES = [
  ...DEATH_VARIABLES.slice(1),
  "alternate_on",
  "window_activity",
  "window_panes",
  "pane_pb_state",
  "pane_pb_progress",
] as const;

type StateRow = Record<(typeof DEATH_VARIABLES)[0] | (typeof STATE_VARIABLES)[number], string>;

/** The progress bars that tmux tells of in `pane_pb_state`, but for none (`hidden`). */
const BARS = ["normal", "error", "indeterminate", "paused"] as const;

/** What a pane's program does with it, and how it ended. */
export interface PaneState {
  /** whether it draws on the whole screen, as an editor or a pager does */
  full_screen: boolean;
  /** since it last wrote something; absent where that can't be known */
  idle_ms?: number;
  /** the progress bar that was set there and not taken back; absent for none, and before tmux 3.7, which does not tell it */
  progress?: { state: (typeof BARS)[number]; percent?: number };
  /** of a dead pane's program; absent where it is not known */
  exit_code?: number;
  signal?: number;
}

/**
 * The state of a pane in a row that holds STATE_VARIABLES as well. tmux knows of windows when they last wrote something,
 * in whole seconds, and not of panes. Pure.
 */
export function readState(row: StateRow, now: number): PaneState {
  const state: PaneState = { full_screen: row.alternate_on === "1" };
  if (row.window_panes === "1" && row.window_activity !== "")
    state.idle_ms = Math.max(0, now - Number(row.window_activity) * 1000);
  const bar = BARS.find((one) => one === row.pane_pb_state);
  if (bar !== undefined)
    state.progress = { state: bar, ...(bar !== "indeterminate" && { percent: Number(row.pane_pb_progress) }) };
  const { exitCode, signal } = readDeath(row) ?? {};
  if (exitCode !== undefined) state.exit_code = exitCode;
  if (signal !== undefined) state.signal = signal;
  return state;
}

/** How the last program ended of which anything is known: a dead pane's own, else its shell's last command. Pure. */
export function lastExitCode(pane: Pick<Pane, "isDead" | "shell">, state: PaneState): number | null {
  const { exit_code: exitCode, signal } = state;
  const death = { ...(exitCode !== undefined && { exitCode }), ...(signal !== undefined && { signal }) };
  return (pane.isDead ? exitCodeOf(death) : pane.shell?.code) ?? null;
}
