import { readText } from "../lib/files.ts";
import { findByLockFile, holdsLockFile, isAlive, isOurs, isStopped, type ProcessId, type Role } from "./identity.ts";

/** What the holder of a lock writes into the lock file: who it is, and since when (ms since the epoch). */
export interface Holder extends ProcessId {
  startedAt: number;
  /** the arguments it was started with, after `daemon run` or `watchdog run` */
  args: string[];
  /** at which file descriptor it has the file open; an earlier version did not say so */
  fd?: number | undefined;
}

/**
 * The living holder of a lock file, its identity verified, and that it has this very file open: a copied lock file
 * names nobody. Undefined when there is none. Never waits.
 */
export function readHolder(path: string, role: Role): Holder | undefined {
  const text = readText(path) ?? "";
  const holder = parseHolder(text);
  return holder && isOurs(holder, role) && holdsLockFile(holder.pid, path, holder.fd) ? holder : undefined;
}

/** The content of a lock file; undefined for anything that is not what a holder writes. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, startTime, startedAt, args = [], fd } = JSON.parse(text) as Record<string, unknown>;
    if (typeof pid !== "number" || !Number.isInteger(pid) || pid <= 1) return undefined;
    if (typeof startTime !== "number" || typeof startedAt !== "number") return undefined;
    if (!Array.isArray(args) || !args.every((arg) => typeof arg === "string")) return undefined;
    return { pid, startTime, startedAt, args, fd: typeof fd === "number" ? fd : undefined };
  } catch {
    return undefined;
  }
}

/** What the last holder of a lock file wrote into it, dead or alive; undefined when there was none. */
export function lastHolder(lockFile: string): Holder | undefined {
  return parseHolder(readText(lockFile) ?? "");
}

/** Whether the last holder of a lock file lives and has it still: for a lock that is no role's. */
export function isHeld(lockFile: string): boolean {
  const holder = lastHolder(lockFile);
  return holder !== undefined && isAlive(holder) && holdsLockFile(holder.pid, lockFile, holder.fd);
}

/** The process that has a role, its identity verified, by the lock file or, if that was deleted, the process table. */
export function runningAs(
  role: Role,
  lockFile: string,
): Holder | (ProcessId & { startedAt?: undefined; args?: undefined }) | undefined {
  return readHolder(lockFile, role) ?? findByLockFile(role, lockFile)[0];
}

/** The process that has a role, as runningAs(), if it is stopped (SIGSTOP): it can't mend a lock file that says nothing. */
export function stoppedAs(role: Role, lockFile: string): ProcessId | undefined {
  const holder = runningAs(role, lockFile);
  return holder && isStopped(holder) ? { pid: holder.pid, startTime: holder.startTime } : undefined;
}
