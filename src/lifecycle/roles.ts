import { rmSync } from "node:fs";
import { answers, requestRelease } from "../ipc/client.ts";
import { checkStateDir, ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { poll } from "../lib/wait.ts";
import { startBackground } from "../process/background.ts";
import { alreadyRunning } from "../process/claim.ts";
import { readHolder, runningAs } from "../process/holder.ts";
import { findByLockFile, isAlive, isToldToEnd, type ProcessId, processStat, type Role } from "../process/identity.ts";
import { Lock } from "../process/lock.ts";
import { endOrphanedClients, signal, terminate } from "../process/terminate.ts";

/** How long a daemon may take until it serves. */
export const DAEMON_READY_MS = 20_000;
/** How long a daemon has between SIGTERM and SIGKILL: its callbacks get two seconds of it. */
export const STOP_GRACE_MS = 5000;

/** A process that was started or stopped. */
export interface Affected {
  role: Role;
  pid: number;
}

/**
 * Starts a daemon in the background, with a watchdog over it if asked, and returns when the daemon serves.
 * @param args the arguments of `daemon run` or `watchdog run`
 * @throws AppError ERR_DAEMON_RUNNING, ERR_UNSAFE_STATE_DIR, or why the daemon could not start
 */
export async function start(paths: StatePaths, options: { role: Role; args: string[] }): Promise<Affected[]> {
  ensureStateDir(paths);
  for (const role of ["watchdog", "daemon"] as const) {
    const running = await remaining(paths, role);
    if (running) throw alreadyRunning(role, running.pid);
  }
  const { role, args } = options;
  const log = role === "daemon" ? paths.daemonLog : paths.watchdogLog;
  // a watchdog waits for its daemon, and has to have the time to end it
  const timeoutMs = role === "daemon" ? DAEMON_READY_MS : DAEMON_READY_MS + 2 * STOP_GRACE_MS;
  const { id } = await startBackground({ args: [role, "run", ...args], log, timeoutMs });
  // nothing that was left from before is to say how this one was run
  rmSync(paths.recoveryNote, { force: true });
  if (role === "daemon") remove(paths.watchdogLock, [paths.watchdogStatus]);
  const daemon = readHolder(paths.daemonLock, "daemon");
  return [
    { role, pid: id.pid },
    ...(role === "watchdog" && daemon ? [{ role: "daemon" as const, pid: daemon.pid }] : []),
  ];
}

/** The process that has a role; one that was told to end just now, was killed, or does not serve yet is waited for. */
async function remaining(paths: StatePaths, role: Role): Promise<ProcessId | undefined> {
  let running: ProcessId | undefined;
  await poll(STOP_GRACE_MS, 20, async () => {
    running = runningAs(role, lockOf(paths, role));
    return !running || (!isToldToEnd(running.pid) && (role === "watchdog" || (await answers(paths.daemonSocket))));
  });
  return running;
}

/**
 * Whether this process belongs to a callback of the daemon that runs: it is ended with that, and can't start it again. One that has left the
 * callback's process group (setsid(1)) does not.
 */
export function isInCallback(paths: StatePaths): boolean {
  const daemon = runningAs("daemon", paths.daemonLock);
  const group = processStat(process.pid)?.pgrp;
  return daemon !== undefined && group !== undefined && processStat(group)?.ppid === daemon.pid;
}

/** Puts a watchdog over a daemon that runs without one. Throws ERR_DAEMON_RUNNING when it has one by now. */
export async function adopt(paths: StatePaths, args: string[]): Promise<Affected> {
  const timeoutMs = DAEMON_READY_MS;
  const { id } = await startBackground({
    args: ["watchdog", "run", ...args, "--adopt"],
    log: paths.watchdogLog,
    timeoutMs,
    isKilledLate: true,
  });
  return { role: "watchdog", pid: id.pid };
}

/**
 * Stops the watchdog and the daemon, in this order so that nothing restarts; SIGKILL for what does not go in time.
 * They are found by their locks and, for the case that the state folder was deleted, by the process table. Returns
 * what was stopped. Throws ERR_UNSAFE_STATE_DIR.
 */
export async function stop(paths: StatePaths): Promise<Affected[]> {
  checkStateDir(paths.dir);
  const stopped: Affected[] = [];
  // the watchdog again: a daemon whose watchdog was killed may just have started another
  for (const role of ["watchdog", "daemon", "watchdog"] as const) {
    // a watchdog stops its daemon first, and then itself
    const graceMs = role === "watchdog" ? 2 * STOP_GRACE_MS : STOP_GRACE_MS;
    const daemon = runningAs("daemon", paths.daemonLock);
    for (const id of all(paths, role)) {
      if ((await terminate(id, graceMs)) === "gone") continue;
      stopped.push({ role, pid: id.pid });
      const isDaemonGone = daemon && all(paths, "daemon").every(({ pid }) => pid !== daemon.pid);
      if (role === "watchdog" && isDaemonGone) stopped.push({ role: "daemon", pid: daemon.pid });
    }
  }
  endOrphanedClients(paths.dir);
  sweep(paths);
  return stopped;
}

/**
 * Ends the watchdog alone: the daemon, which would start another, is told first. Returns its pid, or undefined when none
 * runs. Throws ERR_TIMEOUT or ERR_DAEMON_NOT_RUNNING when the daemon cannot be told.
 */
export async function stopWatchdogOnly(paths: StatePaths): Promise<number | undefined> {
  checkStateDir(paths.dir);
  if (runningAs("daemon", paths.daemonLock)) await requestRelease(paths.daemonSocket);
  const watchdog = runningAs("watchdog", paths.watchdogLock);
  if (!watchdog) return undefined;
  signal(watchdog, "SIGUSR1");
  signal(watchdog, "SIGCONT");
  if (!(await poll(STOP_GRACE_MS, 5, () => !isAlive(watchdog)))) signal(watchdog, "SIGKILL");
  remove(paths.watchdogLock, [paths.watchdogPid, paths.watchdogStatus]);
  return watchdog.pid;
}

/** Removes what a process that was killed could not: pid files, the socket, the heartbeat, the watchdog's account. */
function sweep(paths: StatePaths): void {
  remove(paths.daemonLock, [paths.daemonPid, paths.daemonSocket, paths.heartbeat]);
  remove(paths.watchdogLock, [paths.watchdogPid, paths.watchdogStatus]);
}

/** Removes files of a role that nobody has: who begins to have it meanwhile, and writes files of the same name, waits for that. */
function remove(lock: string, files: string[]): void {
  for (const file of files) {
    try {
      Lock.whileFree(lock, () => rmSync(file, { force: true }));
    } catch {
      // no state folder any more, or something else in the file's place: who needs it will tell
    }
  }
}

function all(paths: StatePaths, role: Role): ProcessId[] {
  const lock = lockOf(paths, role);
  const holder = readHolder(lock, role);
  const others = findByLockFile(role, lock).filter(({ pid }) => pid !== holder?.pid);
  return holder ? [holder, ...others] : others;
}

function lockOf(paths: StatePaths, role: Role): string {
  return role === "daemon" ? paths.daemonLock : paths.watchdogLock;
}
