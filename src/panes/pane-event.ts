import type { ShellState } from "../tmux/shell-state.ts";
import type { Start } from "./start.ts";

/** How a pane ended: with the exit code of its program, or without one (killed with its session, say). */
export interface PaneEnd {
  exitCode: number | undefined;
}

/**
 * What is heard from a pane, in the order in which it happened. `at` (ms of performance.now()) is when it was heard, or
 * when the pane's process was gone. After `gap`, some of what the pane wrote, and the shell told, was not heard.
 */
export type PaneEvent =
  | { type: "data"; data: Uint8Array }
  | { type: "shell"; at: number; state: ShellState }
  | { type: "gap" /** what the pane showed after it */; start: Start | undefined }
  | ({
      type: "ended";
      at: number /** whether all that the pane wrote was heard before */;
      isComplete: boolean;
    } & PaneEnd);
