import { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { processStat } from "../process/identity.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import type { Pane } from "../tmux/panes.ts";
import { type TmuxCommand, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { PaneEnd } from "./pane-event.ts";

/** How long tmux may take from the death of a process to that of its pane. */
const DYING_MS = 2000;
/** After so many looks, tmux is made to look itself. */
const NUDGE_LOOKS = 4;
const END_VARIABLES = ["pane_id", "session_id", "pane_dead", "pane_dead_status", "pane_dead_signal"] as const;

/** The control client through which a pane is heard. */
export interface PaneClient {
  /** why it has closed, if it has */
  closedBy(): string | undefined;
  /** the answer to a command, which comes after all that the pane has written before; undefined when it closes first */
  ask(command: TmuxCommand): Promise<string[] | undefined>;
}

/**
 * Finds out whether a pane has ended, and how; undefined when it lives.
 * @throws AppError ERR_COMMAND_FAILED when it can't be followed any more although it may live, ERR_TMUX_NOT_RUNNING
 */
export async function findEnd(server: TmuxServer, pane: Pane, client: PaneClient): Promise<PaneEnd | undefined> {
  const isDying = processStat(pane.pid) === undefined;
  // tmux may learn of the death a moment after us
  let looks = 0;
  const found = await poll(DYING_MS, 5, async () => {
    const place = await placeOf(server, pane, client);
    if (++looks % NUDGE_LOOKS === 0) await nudge(client);
    return place === "dead" || (isDying && place === "alive") ? undefined : place;
  });
  if (found === undefined) return { exitCode: undefined };
  return found === "alive" ? undefined : found;
}

/**
 * tmux does not hear of the end of a child while it waits for utempter, which it calls when a pane's output ends: just
 * then. The end of any other child makes it look.
 */
async function nudge(client: PaneClient): Promise<void> {
  if (client.closedBy() === undefined) await client.ask(["run-shell", "-b", "true"]);
}

async function placeOf(server: TmuxServer, pane: Pane, client: PaneClient): Promise<PaneEnd | "dead" | "alive"> {
  const list = ["list-panes", "-a", "-f", `#{==:#{pane_id},${pane.id}}`, "-F", rowFormat(END_VARIABLES)];
  // through the control client while there is one, for the order
  const lines = client.closedBy() === undefined ? await client.ask(list) : undefined;
  const text = lines ? `${lines.join("\n")}\n` : await tmuxAsync(server, [list]);
  const rows = parseRows(END_VARIABLES, text);
  const row = rows.find((candidate) => candidate.session_id === pane.sessionId) ?? rows[0];
  if (!row) return { exitCode: undefined };
  if (row.pane_dead === "1") {
    const code = exitCode(row.pane_dead_status, row.pane_dead_signal);
    // tmux learns of the end of the output and of how the process ended one after the other
    return code === undefined ? "dead" : { exitCode: code };
  }
  const closedBy = client.closedBy();
  if (closedBy === undefined && row.session_id === pane.sessionId) return "alive";
  const why = row.session_id === pane.sessionId ? `tmux let go of it: ${closedBy}` : "it was moved to another session";
  throw new AppError("ERR_COMMAND_FAILED", `Pane ${pane.id} can't be followed any more: ${why}`, {
    hint: "It lives on; ask again.",
  });
}

/** A shell's exit code for how its pane's program ended (128 + the signal's number for one that was killed). */
function exitCode(status: string, signal: string): number | undefined {
  if (status !== "") return Number(status);
  return signal === "" ? undefined : 128 + Number(signal);
}
