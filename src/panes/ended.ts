import { AppError, changed } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { processStat } from "../process/identity.ts";
import { isPaneGone } from "../tmux/error.ts";
import type { Pane } from "../tmux/panes.ts";
import { methodOf } from "../verdict/reading.ts";
import type { Method } from "../verdict/rule.ts";

/** Text as a person would see it, and whether its beginning was too much to keep. */
export interface ShownText {
  text: string;
  isCut: boolean;
}

/** How a command in a pane ended. */
export interface Ended {
  pane: Pane;
  exitCode: number | undefined;
  durationMs: number | undefined;
  output: ShownText;
  /** the last lines that were written, where they are asked for */
  lastLines?: string[];
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
  return { pane, exitCode: code, durationMs, output, method: methodOf(pane), paneEnded: false };
}

/** A moment of performance.now() so many seconds from now; never, for undefined. */
export function deadlineAfter(seconds: number | undefined): number {
  return seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
}

const GOES_ON =
  "It goes on running: wait for it with pane-wait. If it asks something, pane-screen shows that, and pane-ask answers it.";

/**
 * What a wait throws that was given up by its signal: the reason of that, with what became of what was waited for. Anything else
 * that was thrown is as it was.
 */
export function givenUp(
  thrown: unknown,
  signal: AbortSignal | undefined,
  {
    hint = `${GOES_ON} pane-send-keys with C-c interrupts it.`,
    details = {},
  }: { hint?: string | undefined; details?: Record<string, unknown> } = {},
): unknown {
  if (!signal?.aborted || thrown !== signal.reason || !(thrown instanceof AppError)) return thrown;
  return changed(thrown, { cause: thrown, hint, details: { ...thrown.details, ...details } });
}

/** Whether something was thrown since a signal has given it up: by itself, or as the cause of what tells more. */
export function isGivenUp(thrown: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return thrown === signal.reason || (thrown instanceof AppError && isGivenUp(thrown.cause, signal));
}

/** The error for what did not end in time. */
export function timeoutError(
  what: string,
  timeoutS: number | undefined,
  details: Record<string, unknown> = {},
  hint = GOES_ON,
): AppError {
  return new AppError("ERR_TIMEOUT", `${what} within ${timeoutS} s`, {
    hint,
    details,
  });
}

/** The error for what was waited for and can't come any more, since the command has ended, or its pane has. */
export function commandEnded(
  what: string,
  end: { exitCode: number | undefined; lastLines?: readonly string[] | undefined; isPaneGone?: boolean; hint?: string },
): AppError {
  const details: Record<string, unknown> = { exit_code: end.exitCode ?? null };
  if (end.lastLines) details.last_lines = end.lastLines;
  if (end.isPaneGone) details.pane_ended = true;
  const hint =
    end.hint ??
    (end.isPaneGone
      ? "If the pane is still there (remain-on-exit), see all that it wrote with pane-capture."
      : "See all that it wrote with pane-capture.");
  return new AppError("ERR_COMMAND_ENDED", what, { details, hint });
}

/** The error for a pane that ended before what was waited for, with the exit code of its program if that is known. */
export function paneGone(pane: Pane, exitCode?: number, lastLines?: readonly string[]): AppError {
  const how = exitCode === undefined ? "its exit code can't be known" : `exit code ${exitCode}`;
  const what = `Pane ${pane.paneId} (${pane.id}) of "${pane.session}" ended: ${how}`;
  return commandEnded(what, { exitCode, lastLines, isPaneGone: true });
}

/** How long the program of a pane that is gone may take to end. */
const ENDING_MS = 1000;

/**
 * What a look at a pane threw that was there a moment ago: that it has ended, where it is not there any more, and its program has. A
 * server that is gone is said as it is, since it may have been killed with all of its panes.
 */
export async function orPaneGone(thrown: unknown, pane: Pane): Promise<unknown> {
  if (!(thrown instanceof AppError) || !isPaneGone(thrown)) return thrown;
  // a session may be called otherwise now, or the pane be in another one
  if (!(await poll(ENDING_MS, 10, () => processStat(pane.pid) === undefined))) return thrown;
  if (thrown.code !== "ERR_TMUX_NOT_RUNNING") return paneGone(pane);
  return changed(thrown, { details: { ...thrown.details, pane_ended: true } });
}
