import { existsSync, readdirSync } from "node:fs";
import { sleep } from "../lib/wait.ts";
import { listPanes, type Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isBusy } from "../verdict/verdict.ts";
import { showableLine } from "./harmless.ts";
import type { MadePane } from "./making-commands.ts";
import { LEFT } from "./pane-files.ts";
import type { Missing } from "./plan.ts";

/** How long shells may take to be at their prompts. */
const SHELLS_MS = 10_000;
const LOOK_EVERY_MS = 10;

/** A session that was made. */
export interface Made {
  /** its `$id` */
  sessionId: string;
  panes: readonly MadePane[];
  /** where shells find what is to come back */
  folder: string;
}

/** A command line, and the pane that it is of. */
export interface Command {
  where: string;
  command: string;
}

/**
 * Waits until each pane's shell is at its prompt, or has not come there in time. Returns the panes.
 * @param interrupt throws its reason as soon as it is aborted
 */
export async function arrive(
  server: TmuxServer,
  { sessionId, folder }: Made,
  interrupt: AbortSignal | undefined,
): Promise<Pane[]> {
  const end = performance.now() + SHELLS_MS;
  for (;;) {
    interrupt?.throwIfAborted();
    const panes = listPanes(server, sessionId);
    const isBegun = !readdirSync(folder).some((name) => name.endsWith(".cwd"));
    if ((isBegun && (await areIdle(panes))) || performance.now() > end) return panes;
    await sleep(LOOK_EVERY_MS);
  }
}

async function areIdle(panes: readonly Pane[]): Promise<boolean> {
  for (const pane of panes) {
    // one that has told nothing yet may be about to
    if (!pane.isDead && (pane.shell ? pane.shell.word !== "idle" : await isBusy(pane))) return false;
  }
  return true;
}

/** What shells that are at their prompts have not taken, which command lines are in their histories, and where none could be. */
export function taken({ panes }: Made): { missing: Missing[]; history: Command[]; unkept: string[] } {
  const missing: Missing[] = [];
  const history: Command[] = [];
  const unkept: string[] = [];
  for (const { pane, prefix } of panes) {
    if (prefix === undefined) continue;
    const where = `pane ${pane.place}`;
    if (existsSync(`${prefix}.${LEFT.environment}`))
      for (const name of pane.environment.keys())
        missing.push({ where, what: `the variable ${name}`, why: NO_INTEGRATION });
    const isUnread = existsSync(`${prefix}.${LEFT.history}`);
    if (isUnread) unkept.push(where);
    for (const command of pane.history)
      if (isUnread) missing.push({ where, what: `${showableLine(command)} in the history`, why: NO_INTEGRATION });
      else history.push({ where, command });
  }
  return { missing, history, unkept };
}

const NO_INTEGRATION = "its shell has not our integration";
