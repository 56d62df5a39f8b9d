import { closeSync, constants, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../lib/errors.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import { flockShared } from "../lib/libc.ts";
import { runningAs } from "./holder.ts";
import { findByLockFile, type Role } from "./identity.ts";
import { Lock } from "./lock.ts";

/** The files by which a role is held: the lock, and the pid file that scripts read. */
export interface RoleFiles {
  lock: string;
  pid: string;
}

const DYING_LOOK_MS = 5;
const DYING_MS = 500;

/**
 * The right to be the daemon, or the watchdog, of one tmux server; it ends with the process. Who has it holds a shared
 * lock on the folder of its files as well: systemd-tmpfiles(8) leaves a folder alone that is locked, whatever its age.
 */
export class Claim {
  private isFolderHeld: boolean;

  private constructor(
    private readonly files: RoleFiles,
    private readonly lock: Lock,
    private readonly folder: number,
  ) {
    this.isFolderHeld = flockShared(folder);
  }

  /** Takes the role, and notes with what arguments. Throws ERR_DAEMON_RUNNING when another process has it, even if its files have been deleted. */
  static take(role: Role, files: RoleFiles, args: string[]): Claim {
    let lock = Lock.acquire(files.lock, args);
    // one that dies has its files open for a moment longer than it is known
    const end = performance.now() + DYING_MS;
    while (!lock && performance.now() < end && !runningAs(role, files.lock)) {
      Bun.sleepSync(DYING_LOOK_MS);
      lock = Lock.acquire(files.lock, args);
    }
    // whoever has the file open that we have locked is too late; a lock on a file that was deleted is as good as ours
    const other = lock ? findByLockFile(role, files.lock, { deletedOnly: true })[0] : runningAs(role, files.lock);
    if (!lock || other) {
      lock?.close();
      throw alreadyRunning(role, other?.pid);
    }
    writeAtomic(files.pid, `${process.pid}\n`);
    return new Claim(files, lock, openSync(dirname(files.lock), constants.O_RDONLY | constants.O_DIRECTORY));
  }

  /** Whether the lock on disk is still the one we hold: false once the state folder was deleted or replaced. */
  isIntact(): boolean {
    return this.lock.isStillOurs();
  }

  /** Writes the files again that say who has the role, if they were changed or removed. */
  repair(): void {
    this.lock.repair();
    this.isFolderHeld ||= flockShared(this.folder); // who had it may have been about to clean up
    if (readText(this.files.pid) !== `${process.pid}\n`) writeAtomic(this.files.pid, `${process.pid}\n`);
  }

  /** Lets go of a lock whose file was deleted: nobody else can meet it. */
  forsake(): void {
    this.lock.close();
    closeSync(this.folder);
  }

  /** Removes the pid file if it is ours. The lock file stays: removing it could take a successor's lock away. */
  release(): void {
    if (readText(this.files.pid)?.trim() === `${process.pid}`) rmSync(this.files.pid, { force: true });
  }
}

/** The error for a role that is taken. */
export function alreadyRunning(role: Role, pid: number | undefined): AppError {
  const who = role === "daemon" ? "Daemon" : "Watchdog";
  return new AppError("ERR_DAEMON_RUNNING", `${who} is already running${pid === undefined ? "" : ` (PID: ${pid})`}`, {
    hint: `See: claude-tmux ${role} status. Stop it with: claude-tmux ${role} stop`,
  });
}
