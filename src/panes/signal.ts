import { AppError } from "../lib/errors.ts";
import { isInteractiveShell } from "../process/foreground.ts";
import { commandLine, type ProcessStat, processStat } from "../process/identity.ts";
import { isShared, livingProcesses, processesOf } from "../process/tree.ts";
import { findPane, type Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isFollowed } from "../verdict/reading.ts";
import { isRunning } from "../verdict/rule.ts";
import { prepareVerdict, verdictOf } from "../verdict/verdict.ts";
import { deadPane } from "./dead-pane.ts";
import { describeMembers, type Member, paneOfProcesses, signalAll } from "./member.ts";

/** Who in a pane is signalled: the job in the foreground, the pane's shell, or all that it has started. */
export const RECEIVERS = ["foreground", "shell", "tree"] as const;

/** One of them. */
export type Receiver = (typeof RECEIVERS)[number];

/**
 * Sends a signal to processes of a pane, each verified.
 * @returns the pane, and who got it
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL; ERR_PANE_DEAD; ERR_COMMAND_FAILED when
 *   nothing runs there; ERR_NOT_OWNER for another user's processes, of which none gets it
 */
export async function signalPane(
  server: TmuxServer,
  options: { session: string; pane: string; signal: NodeJS.Signals; to: Receiver },
): Promise<{ pane: Pane; members: Member[] }> {
  const { signal, to } = options;
  const pane = findPane(server, options.session, options.pane, { meanwhile: prepareVerdict });
  if (pane.isDead) throw deadPane(pane);
  const receivers = await receiversOf(pane, to);
  const members = new Map(describeMembers(receivers).map((member) => [member.pid, member]));
  const got = signalAll(pane, receivers, signal);
  const told = got.flatMap(({ pid }) => members.get(pid) ?? []);
  if (told.length === 0) throw nothingRuns(pane, to);
  return { pane, members: told };
}

async function receiversOf(pane: Pane, to: Receiver): Promise<ProcessStat[]> {
  const own = processStat(pane.pid);
  if (to === "shell") return own ? [own] : [];
  const all = livingProcesses();
  if (to === "tree") {
    const tree = processesOf(all, [paneOfProcesses(all, pane)]).get(pane.id) ?? [];
    return tree.filter(({ pid }) => !isShared(pid));
  }
  if (isRunning(await verdictOf(pane)) === false) return [];
  return foregroundOf(pane, all);
}

/**
 * The processes of a pane's foreground job that the terminal itself would signal: its process group. Of a pane whose program
 * is no shell, that program. What a shell does by itself (a loop, read) has no process of its own, and so none.
 */
export function foregroundOf(pane: Pane, all: readonly ProcessStat[]): ProcessStat[] {
  const own = all.find(({ pid }) => pid === pane.pid);
  if (!own) return [];
  const group = all.filter(({ pgrp, session }) => pgrp === own.tpgid && session === own.session);
  if (own.tpgid !== own.pgrp) return group;
  return isFollowed(pane) || isInteractiveShell(commandLine(pane.pid)) ? [] : group;
}

function nothingRuns({ paneId, session }: Pane, to: Receiver): AppError {
  const hint =
    to === "foreground"
      ? "What its shell does by itself, and what runs in the background, is no job of its own: --to shell, --to tree."
      : undefined;
  return new AppError("ERR_COMMAND_FAILED", `Nothing runs in pane ${paneId} of "${session}" that could be signalled`, {
    hint,
  });
}
