import { errno } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { processStat } from "../process/identity.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { signalShown } from "../tmux/dead-pane.ts";
import { hasNoSessions } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isServerAtLeast } from "../tmux/version.ts";
import type { PaneEnd } from "./pane-event.ts";

/** How long tmux may take from the death of a process to that of its pane. */
const DYING_MS = 2000;
/** After so many looks, tmux is made to look itself. */
const NUDGE_LOOKS = 4;
const END_VARIABLES = [
  "pane_id",
  "session_id",
  "pane_pid",
  "pane_dead",
  "pane_dead_status",
  "pane_dead_signal",
  "version",
] as const;

/**
 * Finds out whether a pane has ended, and how; undefined when it lives.
 * @throws AppError ERR_TMUX_NOT_RUNNING, ERR_TIMEOUT
 */
export async function findEnd(server: TmuxServer, pane: Pane): Promise<PaneEnd | undefined> {
  const isDying = processStat(pane.pid) === undefined;
  // tmux may learn of the death a moment after us
  let looks = 0;
  const found = await poll(DYING_MS, 5, async () => {
    const place = await placeOf(server, pane, ++looks % NUDGE_LOOKS === 0);
    return place === "dead" || (isDying && place === "alive") ? undefined : place;
  });
  if (found === undefined) return { exitCode: undefined };
  return found === "alive" ? undefined : found;
}

/**
 * @param nudge tmux does not hear of the end of a child while it waits for utempter, which it calls when a pane's output
 *   ends: just then. The end of any other child makes it look.
 */
async function placeOf(server: TmuxServer, pane: Pane, nudge: boolean): Promise<PaneEnd | "dead" | "alive"> {
  const list = ["list-panes", "-a", "-f", `#{==:#{pane_id},${pane.id}}`, "-F", rowFormat(END_VARIABLES)];
  const commands: TmuxCommand[] = nudge ? [["run-shell", "-b", "true"], list] : [list];
  const [row] = parseRows(END_VARIABLES, await tmuxAsync(server, commands).catch(orNoSession));
  if (!row) return { exitCode: undefined };
  if (row.pane_dead !== "1") return "alive";
  let code = exitCode(row.pane_dead_status, row.pane_dead_signal);
  // tmux before 3.3 tells of a signal on the screen alone: last, once it knows how the process ended
  if (code === undefined && !isServerAtLeast(row.version, "3.3") && isReaped(Number(row.pane_pid)))
    code = await signalCode(server, pane);
  // tmux learns of the end of the output and of how the process ended one after the other
  return code === undefined ? "dead" : { exitCode: code };
}

/** A server without sessions has no panes: no rows. */
function orNoSession(thrown: unknown): string {
  if (hasNoSessions(thrown)) return "";
  throw thrown;
}

async function signalCode(server: TmuxServer, pane: Pane): Promise<number | undefined> {
  const signal = signalShown(await tmuxAsync(server, [["capture-pane", "-p", "-t", pane.id]]));
  return signal === undefined ? undefined : 128 + signal;
}

/** Whether a process is gone and its parent knows how: one that has ended is there until then. */
function isReaped(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return errno(cause) === "ESRCH";
  }
}

/** A shell's exit code for how its pane's program ended (128 + the signal's number for one that was killed). */
function exitCode(status: string, signal: string): number | undefined {
  if (status !== "") return Number(status);
  return signal === "" ? undefined : 128 + Number(signal);
}
