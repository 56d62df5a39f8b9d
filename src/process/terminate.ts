import { AppError, errno } from "../lib/errors.ts";
import { signalByPidfd } from "../lib/pidfd.ts";
import { SIGNALS } from "../lib/signals.ts";
import { poll } from "../lib/wait.ts";
import { isAlive, isGroupAlive, orphanedClients, type ProcessId, tmuxChildren } from "./identity.ts";

/**
 * Sends a signal to that very process; returns false when it is gone. The caller has verified whose it is.
 * @throws Error (EPERM) when it is another user's
 */
export function signal(id: ProcessId, name: NodeJS.Signals): boolean {
  const number = SIGNALS[name];
  const sent = number === undefined ? undefined : signalByPidfd(id.pid, number, () => isAlive(id));
  return sent ?? (isAlive(id) && kill(id.pid, name));
}

/**
 * Ends a process: SIGTERM, and SIGKILL if it still lives after `graceMs`. Returns how it ended.
 * @throws AppError ERR_COMMAND_FAILED when it outlives SIGKILL by five seconds (it hangs in the kernel)
 */
export async function terminate(id: ProcessId, graceMs: number): Promise<"gone" | "term" | "kill"> {
  if (!signal(id, "SIGTERM")) return "gone";
  // a stopped process would take its SIGTERM only when continued
  signal(id, "SIGCONT");
  if (await poll(graceMs, 5, () => !isAlive(id))) return "term";
  await killWithClients(id);
  return "kill";
}

/** How long the kernel may take to end what was killed. */
const KILLED_MS = 1000;

/** Ends every process of a group: SIGTERM, and SIGKILL for those that still live after `graceMs`. */
export async function terminateGroup(pgid: number, graceMs: number): Promise<void> {
  if (!kill(-pgid, "SIGTERM")) return;
  // a group lasts as long as its last zombie, which may be long where nobody reaps it: look for the living
  if (await poll(graceMs, 20, () => !isGroupAlive(pgid))) return;
  kill(-pgid, "SIGKILL");
  await poll(KILLED_MS, 5, () => !isGroupAlive(pgid));
}

/**
 * Ends the tmux clients that a killed daemon left: one that was cut off in the middle of much output does not end by
 * itself, and keeps its tmux server from ending.
 */
export function endOrphanedClients(stateDir: string): void {
  for (const client of orphanedClients(stateDir)) signal(client, "SIGKILL");
}

/**
 * Ends a hung process with SIGKILL, its tmux clients first: on tmux 3.3a a control client that nobody reads blocks the
 * server's exit, and with it the socket for the next server. Throws as terminate().
 */
export async function killWithClients(id: ProcessId): Promise<void> {
  for (const client of tmuxChildren(id.pid)) signal(client, "SIGKILL");
  signal(id, "SIGKILL");
  if (await poll(5000, 5, () => !isAlive(id))) return;
  throw new AppError("ERR_COMMAND_FAILED", `Process ${id.pid} does not end, even after SIGKILL`, {
    hint: "It hangs in the kernel, on a disk or network that does not answer, say; it ends when that does.",
  });
}

function kill(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (cause) {
    if (errno(cause) === "ESRCH") return false;
    throw cause;
  }
}
