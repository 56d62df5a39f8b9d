import { closeSync, constants, fstatSync, ftruncateSync, readSync, statSync, writeSync } from "node:fs";
import { AppError, errno } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { flockExclusive } from "../lib/libc.ts";
import type { Holder } from "./holder.ts";
import { ownIdentity } from "./identity.ts";

/** A lock held until it is let go. The kernel drops it when the process dies, however it dies. */
export class Lock implements Disposable {
  private readonly text: string;

  private constructor(
    private readonly path: string,
    private readonly fd: number,
    holder: Holder,
  ) {
    this.text = `${JSON.stringify(holder)}\n`;
  }

  /** Takes the lock and writes who holds it, and the arguments it was started with; undefined when another process has it. */
  static acquire(path: string, args: string[] = []): Lock | undefined {
    const fd = openLocked(path);
    if (fd === undefined) return undefined;
    const lock = new Lock(path, fd, { ...ownIdentity(), startedAt: Date.now(), args, fd });
    lock.write();
    return lock;
  }

  /**
   * Runs what must not meet a holder, if nobody has the lock: whoever wants it meanwhile finds it taken, and what the file says
   * of the last holder stays. Returns whether it ran.
   */
  static whileFree(path: string, run: () => unknown): boolean {
    const fd = openLocked(path);
    if (fd === undefined) return false;
    try {
      run();
    } finally {
      closeSync(fd);
    }
    return true;
  }

  /** Whether the path still names the very file that we hold: false once someone deleted or replaced it. */
  isStillOurs(): boolean {
    return isNamed(this.path, this.fd);
  }

  /** Writes again who holds the lock, if somebody wrote into the file. */
  repair(): void {
    const text = Buffer.alloc(Buffer.byteLength(this.text) + 1);
    const read = readSync(this.fd, text, 0, text.length, 0);
    if (text.toString("utf8", 0, read) !== this.text) this.write();
  }

  /** Lets the lock go. */
  close(): void {
    closeSync(this.fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private write(): void {
    // in this order no reader finds it empty
    const written = writeSync(this.fd, this.text, 0);
    if (written < Buffer.byteLength(this.text)) {
      throw new AppError("ERR_COMMAND_FAILED", `There is no space left to write ${this.path}`, { hint: "Make room." });
    }
    ftruncateSync(this.fd, Buffer.byteLength(this.text));
  }
}

/** The lock file, opened and locked; undefined when another process has the lock. */
function openLocked(path: string): number | undefined {
  for (;;) {
    const fd = openPrivate(path, constants.O_RDWR);
    const isLocked = flockExclusive(fd);
    // between open and flock the file may have been deleted: then we hold a lock that nobody else would meet
    if (isLocked && isNamed(path, fd)) return fd;
    closeSync(fd);
    if (!isLocked) return undefined;
  }
}

function isNamed(path: string, fd: number): boolean {
  try {
    const held = fstatSync(fd);
    const named = statSync(path);
    return held.ino === named.ino && held.dev === named.dev;
  } catch (cause) {
    if (errno(cause) === "ENOENT" || errno(cause) === "ENOTDIR") return false;
    throw cause;
  }
}
