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
    for (;;) {
      const fd = openPrivate(path, constants.O_RDWR);
      if (!flockExclusive(fd)) {
        closeSync(fd);
        return undefined;
      }
      const lock = new Lock(path, fd, { ...ownIdentity(), startedAt: Date.now(), args, fd });
      // between open and flock the file may have been deleted: then we hold a lock that nobody else would meet
      if (lock.isStillOurs()) {
        lock.write();
        return lock;
      }
      closeSync(fd);
    }
  }

  /** Whether the path still names the very file that we hold: false once someone deleted or replaced it. */
  isStillOurs(): boolean {
    try {
      const held = fstatSync(this.fd);
      const named = statSync(this.path);
      return held.ino === named.ino && held.dev === named.dev;
    } catch (cause) {
      if (errno(cause) === "ENOENT" || errno(cause) === "ENOTDIR") return false;
      throw cause;
    }
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
