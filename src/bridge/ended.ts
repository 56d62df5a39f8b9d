import { AppError } from "../lib/errors.ts";
import type { Pane } from "../tmux/panes.ts";
import { activityOf, type Method } from "./activity.ts";
import type { Result } from "./reply.ts";

/** Text as a person would see it, and whether its beginning was too much to keep. */
export interface Shown {
  text: string;
  isCut: boolean;
}

/** How a command in a pane ended. */
export interface Ended {
  pane: Pane;
  exitCode: number | undefined;
  durationMs: number | undefined;
  output: Shown;
  method: Method;
  /** whether its pane ended with it */
  paneEnded: boolean;
  /** whether something that somebody had half typed was cleared for it, as far as that can be known */
  isDraftCleared?: boolean;
}

/** What is known of the last command of a pane that waits at its prompt. */
export function lastEnded(pane: Pane): Ended {
  const { code, durationMs } = pane.shell ?? {};
  const output = { text: "", isCut: false };
  return { pane, exitCode: code, durationMs, output, method: activityOf(pane).method, paneEnded: false };
}

/** The result of a command that ended, with all that is known of it. */
export function endedResult(session: string, ended: Ended, output: unknown): Result {
  const { pane, exitCode, durationMs, method, paneEnded } = ended;
  const draft = ended.isDraftCleared ? { draft: "cleared" } : {};
  const details = { exit_code: exitCode ?? null, duration_ms: durationMs ?? null, method, ...draft };
  return { session, pane, output, details: paneEnded ? { ...details, pane_ended: true } : details };
}

/** A moment of performance.now() so many seconds from now; never, for undefined. */
export function deadlineAfter(seconds: number | undefined): number {
  return seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
}

/** The error for what did not end in time. */
export function timeoutError(
  what: string,
  timeoutS: number | undefined,
  details: Record<string, unknown> = {},
  hint = "It goes on running; wait for it with pane-wait, or look with pane-capture.",
): AppError {
  return new AppError("ERR_TIMEOUT", `${what} within ${timeoutS} s`, {
    hint,
    details,
  });
}

/** The error for a pane that was killed, so that nobody knows how its command ended. */
export function paneGone(pane: Pane): AppError {
  return new AppError("ERR_COMMAND_FAILED", `Pane ${pane.paneId} (${pane.id}) of "${pane.session}" ended first`, {
    hint: "It was killed, or its session was; how the command ended can't be known.",
  });
}
