import { fs } from "../lib/builtin.ts";
import { AppError } from "../lib/errors.ts";
import { bytesToRead, enlargePipe, makeFifo } from "../lib/libc.ts";
import { ensureStateDir } from "../lib/paths.ts";
import { quickClose, quickOpen, quickRemove } from "../lib/quick.ts";
import { ReadAhead } from "../lib/read-ahead.ts";
import { untilQuiet } from "../lib/wait.ts";
import { ownIdentity } from "../process/identity.ts";
import type { TmuxCommand } from "./command-line.ts";
import { abandonedPipes, pathOf } from "./left-pipes.ts";
import { connect, forget, isOthers, isThis, release } from "./pipe-commands.ts";

// A pane is heard by way of tmux's pipe-pane and a named pipe in the state folder: no client is attached. Nothing about a
// session changes by that, and a tmux before 3.7, which may crash when a control client attaches while another one
// detaches or a session comes or goes, has no reason to.

/** What a pipe is to hold, bytes: for as long as its reader is busy with something else. */
const CAPACITY = 1024 * 1024;
/** What is read of it while what came before is dealt with. */
const AHEAD_BYTES = 8 * 1024 * 1024;
const RECENT_MS = 2000;
/** A pipe that gives nothing for so long is empty. */
const EMPTY_MS = 1000;
const BUSY_BYTES = 64 * 1024;
/**
 * In a flood of small pieces, what comes within so many ms is read together: it costs less than each by itself, for who watches and who
 * streams. One that comes in large pieces leaves no time to pause, or the pipe would be full.
 */
const PAUSE_MS = 4;
const SMALL_BYTES = 64 * 1024;
/** How long the output of a pane that has ended must pause to be all there is. */
const QUIET_MS = 200;
let count = 0;

/**
 * The way from a pane's output to this process. A pane has one pipe at most, and it may be a person's: a pane that has
 * one is not connected. The bytes are those that the pane's programs write.
 */
export class PanePipe implements Disposable {
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private ahead: ReadAhead | undefined;
  private reading: Promise<void> = Promise.resolve();
  /** when something was last handed over (ms of performance.now()) */
  private givenAt = 0;
  private isOpen = true;
  private isAbandoned = false;
  private heard = { at: 0, bytes: 0, before: 0 };
  /** how much may still be to be read of what waited when much of the pipe was last seen to be full; below 0: it was not */
  private fullLeft = -1;

  private constructor(
    /** names this pipe among all that ever were: `pid-start time-number`, the first two its reader's */
    readonly token: string,
    readonly path: string,
    private readonly fd: number,
    /** bytes */
    private readonly capacity: number,
  ) {}

  /**
   * Makes one in a state folder, not connected yet.
   * @throws AppError ERR_UNSAFE_STATE_DIR; ERR_COMMAND_FAILED when it can't be made (a full disk)
   */
  static open(stateDir: string): PanePipe {
    ensureStateDir({ dir: stateDir });
    abandonedPipes(stateDir); // what nobody has open, a killed command has left
    const { pid, startTime } = ownIdentity();
    const token = `${pid}-${startTime}-${++count}`;
    const path = pathOf(stateDir, token);
    const fd = makeFifo(path) ? openToRead(path) : -1;
    if (fd < 0) {
      throw new AppError("ERR_COMMAND_FAILED", `A named pipe can't be made in ${stateDir}`, {
        hint: "See what can't be written, and why: claude-tmux doctor",
      });
    }
    return new PanePipe(token, path, fd, enlargePipe(fd, CAPACITY));
  }

  /**
   * The command that connects a pane's output, from the very point on that other commands of the same call see, if the
   * pane lives and has no pipe. Whether it did is told by isConnected.
   * @param replaced pipes of ours any of which the pane may have: this one takes its place, and it ends
   */
  connect(pane: string, replaced: readonly string[] = []): TmuxCommand {
    return connect(pane, this, replaced);
  }

  /** A tmux format that is true for the pane that connect() has connected, until it is given another pipe of ours, or none. */
  get isConnected(): string {
    return isThis(this.token);
  }

  /**
   * A tmux format that is true for a pane that has a pipe that is not ours: none of those that connect() replaces. One of
   * them that it did not replace is in a pane that is dead, or about to be.
   */
  static isTaken(replaced: readonly string[]): string {
    return isOthers(replaced);
  }

  /** The command that takes this pipe from a pane. Only before read() has ended: then a pipe that it has is this one. */
  disconnect(pane: string): TmuxCommand {
    return release(pane, this.token);
  }

  /** The command that takes the note of this pipe, which has ended, from a pane; what other pipe that has stays. */
  forget(pane: string): TmuxCommand {
    return forget(pane, this.token);
  }

  /**
   * Hands over what the pane writes until the pipe ends: the pane is gone, it was given another pipe, or nobody read for
   * so long that the pipe was full. What `take` is given next waits until it has dealt with what came before.
   */
  read(take: (data: Uint8Array) => Promise<void> | void): Promise<void> {
    this.givenAt = performance.now();
    this.reading = this.readAll(take);
    return this.reading;
  }

  private async readAll(take: (data: Uint8Array) => Promise<void> | void): Promise<void> {
    const reader = Bun.file(this.fd).stream().getReader() as ReadableStreamDefaultReader<Uint8Array>;
    this.reader = reader;
    const ahead = new ReadAhead(reader, AHEAD_BYTES, (bytes, waitedMs) => {
      if (waitedMs > EMPTY_MS) this.fullLeft = -1; // all of before has been read
      this.count(bytes);
      return this.isBusy && bytes < this.smallBytes ? PAUSE_MS : 0;
    });
    this.ahead = ahead;
    try {
      for (;;) {
        const data = await ahead.next();
        if (!data || !this.isOpen) return;
        this.givenAt = performance.now();
        const taking = take(data);
        if (taking) await taking;
      }
    } finally {
      ahead.stop();
    }
  }

  /** Resolves when all that the pane has written has been handed over, as far as that can be known. */
  drained(): Promise<void> {
    const lastAt = () => (this.aheadBytes > 0 ? performance.now() : this.givenAt);
    return untilDrained(lastAt, this.reading);
  }

  /** Resolves when read() has ended, or has handed over nothing for so long (ms): whether it has ended. */
  async ended(quietMs: number): Promise<boolean> {
    await untilQuiet(quietMs, () => this.givenAt, this.reading);
    return Bun.peek.status(this.reading) !== "pending";
  }

  /** Whether it is over, be all that was read handed over or not: the pane may have another pipe by now. */
  get isAtEnd(): boolean {
    return this.ahead?.isAtEnd === true;
  }

  private get aheadBytes(): number {
    return this.ahead?.bytes ?? 0;
  }

  /** Of one that holds little, less is a large piece. */
  private get smallBytes(): number {
    return Math.min(SMALL_BYTES, this.capacity / 16);
  }

  /** Whether it carries so much that tmux, or this, may have some of it still to pass on. */
  get isBusy(): boolean {
    const { at, bytes, before } = this.heard;
    if (this.aheadBytes > 0) return true;
    return performance.now() - at < RECENT_MS && bytes + before >= BUSY_BYTES;
  }

  /** Whether it may have ended because it was full. On Linux only: elsewhere that ends none (see helper). */
  get wasFull(): boolean {
    return this.fullLeft >= 0;
  }

  private count(bytes: number): void {
    const now = performance.now();
    const age = now - this.heard.at;
    if (age > RECENT_MS) this.heard = { at: now, bytes, before: age > 2 * RECENT_MS ? 0 : this.heard.bytes };
    else this.heard.bytes += bytes;
    // by what waits, and not by the time that it took: who was stopped, or is slow, reads the last of it much later; the
    // stream may have read most of it ahead
    // a small piece is all there was, or the last of more that was looked at
    const waiting = bytes < this.smallBytes ? 0 : bytesToRead(this.fd);
    const isFilling = bytes + waiting >= this.capacity / 4;
    this.fullLeft = isFilling ? this.capacity : this.fullLeft - bytes;
  }

  /** Leaves the named pipe where it is: tmux takes none from a dead pane, and by that it is known as abandoned. */
  abandon(): void {
    this.isAbandoned = true;
  }

  /** Ends the reading, and removes the named pipe. Whatever still writes to it ends by that, at its next write. */
  [Symbol.dispose](): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (!this.isAbandoned && !quickRemove(this.path)) fs().rmSync(this.path, { force: true });
    const close = () => {
      if (!quickClose(this.fd)) fs().closeSync(this.fd);
    };
    if (this.reader) this.reader.cancel().then(close, close);
    else close();
  }
}

/**
 * Resolves when all that a pane, which has ended, has written has been read: the pipe of one that is gone ends, that of a dead
 * one that stays need not.
 * @param lastAt when something of it was read last (ms of performance.now())
 * @param reading resolves when its output ends
 */
export function untilDrained(lastAt: () => number, reading: Promise<unknown>): Promise<void> {
  return untilQuiet(QUIET_MS, lastAt, reading);
}

function openToRead(path: string): number {
  const fd = quickOpen(path);
  if (fd >= 0) return fd;
  const { O_RDONLY, O_NONBLOCK } = fs().constants;
  return fs().openSync(path, O_RDONLY | O_NONBLOCK);
}
