import { holdTie } from "../ipc/client.ts";
import { exists } from "../lib/files.ts";
import type { StatePaths } from "../lib/paths.ts";
import { sleep } from "../lib/wait.ts";
import type { Started } from "../process/background.ts";
import { isAlive, type ProcessId } from "../process/identity.ts";
import type { WatchdogEvent } from "./policy.ts";

/** The daemon that a watchdog watches over: its child, or one whose watchdog was killed. */
export interface MainProcess {
  id: ProcessId;
  /** resolves at its end, of which the kernel tells at once */
  ended: Promise<WatchdogEvent>;
}

const REATTACH_MS = 100;

/** The daemon that a watchdog has started. The tie lets the daemon know when its watchdog dies. */
export function childProcess(child: Started["process"], id: ProcessId, paths: StatePaths): MainProcess {
  const gone = new AbortController();
  const ended = child.exited.then((exitCode): WatchdogEvent => {
    gone.abort();
    if (exitCode === 0) return { kind: "ended" };
    const how = child.signalCode ? `was killed by ${child.signalCode}` : `ended with exit code ${exitCode}`;
    return { kind: "crashed", how };
  });
  void tie(id, paths, gone.signal);
  return { id, ended };
}

/** The daemon of another watchdog that is no more. How a process ends is told to its parent only; that it ends, to all. */
export function adoptedProcess(id: ProcessId, paths: StatePaths): MainProcess {
  const ended = tie(id, paths, new AbortController().signal).then(() => howItEnded(paths));
  return { id, ended };
}

/** How a daemon ended that was nobody's child: removing its heartbeat is the last thing it does when it is to end. */
export function howItEnded(paths: StatePaths): WatchdogEvent {
  const isMeant = exists(paths.daemonLock) && !exists(paths.heartbeat);
  return isMeant ? { kind: "ended" } : { kind: "crashed", how: "died" };
}

/** Stays connected to a daemon; returns when that very process is no more, or the signal is aborted. */
async function tie(id: ProcessId, paths: StatePaths, gone: AbortSignal): Promise<void> {
  while (!gone.aborted && isAlive(id)) {
    await holdTie(paths.daemonSocket, gone);
    // the kernel closes a dying process's connections before it can be seen to be dead
    if (isAlive(id)) await sleep(REATTACH_MS, gone);
  }
}
