import type { AppError } from "../lib/errors.ts";
import { noteAwaited } from "../tmux/command-note.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type Existing, lastLinesOf, lastOf } from "./counted.ts";
import { commandEnded } from "./ended.ts";
import type { WatchOptions } from "./find.ts";
import { CommandJobs } from "./jobs.ts";
import type { Look } from "./look.ts";

/** What is waited for, and how long. Without `lines`, all that the command wrote counts, or else the last 50. */
export interface WatchTimeoutOptions extends Omit<WatchOptions, "lines"> {
  lines: number | undefined;
  existing: Existing;
  /** whether the end of the command ends the wait, where a shell tells of it */
  endsWithCommand: boolean;
  timeoutS: number;
  stateDir: () => string;
  signal?: AbortSignal;
}

/** Whether the command whose lines count has ended already. */
export function isOver({ command }: Look, { existing, endsWithCommand }: WatchTimeoutOptions): boolean {
  return endsWithCommand && command.state === "ended" && existing !== "none";
}

/** The jobs that a command may have left which was typed. */
export function jobsOfTyped({ pane }: Look): CommandJobs {
  return new CommandJobs(pane, (Date.now() - pane.typed.at) / 1000);
}

/**
 * A later look at a pane, as it counts for who has looked before: what the last command wrote counts if it has ended since then, also
 * when somebody else who waited for it has been told of that already. Pure.
 */
export function sinceBefore(before: Pick<Look, "pane" | "command">, now: Look): Look {
  const isOther = (now.pane.shell?.prompt ?? 0) > (before.pane.shell?.prompt ?? Number.POSITIVE_INFINITY);
  const isEnded = now.command.state === "none" && isOther;
  return isEnded ? { ...now, command: { ...now.command, state: "ended" } } : now;
}

/** The error for a command that has ended; it is noted that somebody has been told. */
export function ended(
  server: TmuxServer,
  options: WatchTimeoutOptions,
  look: Look,
  { code = look.pane.shell?.code, heard }: { code?: number | undefined; heard?: readonly string[] },
): AppError {
  try {
    tmux(server, [noteAwaited(look.pane.id)]);
  } catch {
    // the pane has gone since
  }
  return endedWith(options, code, lastLinesOf(look) ?? heard, isCut(look));
}

/** Whether the first lines of the command may be gone. */
function isCut({ first, isFull }: Look): boolean {
  return isFull && (first ?? 0) === 0;
}

const CUT_HINT =
  "What it wrote first has left tmux's history (history-limit). Wait for a line before it is written, as with daemon subscribe, or have the command write to a file.";

/** The same, for a command of which no more is known than this. Pure. */
export function endedWith(
  { pattern }: Pick<WatchTimeoutOptions, "pattern">,
  code: number | undefined,
  lines: readonly string[] | undefined,
  isCut = false,
): AppError {
  const how = code === undefined ? "" : ` with exit code ${code}`;
  const which = isCut ? "of its lines that tmux still has, none" : "no line";
  const what = `The command ended${how}, and ${which} matched ${pattern}`;
  const end = { exitCode: code, lastLines: lines && lastOf(lines) };
  return commandEnded(what, isCut ? { ...end, hint: CUT_HINT } : end);
}
