import type { ShellState } from "../tmux/shell-state.ts";

/** How a pane ended: with the exit code of its program, or without one (killed with its session, say). */
export interface PaneEnd {
  exitCode: number | undefined;
}

/**
 * What is heard from a pane, in the order in which it happened. `at` (ms of performance.now()) is when it was heard, or
 * when the pane's process was gone.
 */
export type PaneEvent =
  | { type: "data"; data: Uint8Array }
  | { type: "shell"; at: number; state: ShellState }
  | ({ type: "ended"; at: number } & PaneEnd);
