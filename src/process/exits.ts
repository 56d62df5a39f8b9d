import { readText } from "../lib/files.ts";
import { openLibc } from "../lib/libc.ts";
import { poll } from "../lib/wait.ts";

// A process's parent alone is told how it ended, but Linux tells (from 6.15 on) whoever has had a pidfd of it since before.
const FUNCTIONS = {
  syscall: { args: ["i64", "i32", "u32"], returns: "i64" },
  ioctl: { args: ["i32", "u64", "buffer"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  poll: { args: ["buffer", "u64", "i32"], returns: "i32" },
} as const;
const PIDFD_OPEN = 434n;
/** PIDFD_GET_INFO of linux/pidfd.h, with a structure of 64 bytes: a mask first, the wait status last. */
const GET_INFO = 0xc040ff0bn;
const INFO_BYTES = 64;
const INFO_EXIT = 8n;
const STATUS_AT = 60;
/** At most so many, of which each is an open file, and not more than such a part of those that one may have. */
const MAX = 100;
const PART = 1 / 8;
const FILES = 256;
/** Of the fields of /proc/PID/stat after the state, which is the third: number 52. */
const EXIT_CODE_FIELD = 48;
/** How long the parent may take to hear of the end, which the status waits for. */
const REAPED_MS = 100;
const LOOK_MS = 2;

/** struct pollfd of poll(2), by which a pidfd can be read once its process has ended. */
const POLLFD_BYTES = 8;
const POLLIN = 1;

/** How a process ended: with an exit code, or by a signal. */
export type Exit = { exitCode: number } | { signal: number };

/** Learns how processes end that are not children of this one. Where the system does not tell, it learns nothing. */
export class Exits implements Disposable {
  private readonly c = openFunctions();
  private readonly max = Math.min(MAX, Math.floor(filesMax() * PART));
  private readonly pidfds = new Map<number, number>();
  private files: DataView<ArrayBuffer> | undefined;

  /** Attends to exactly these processes, as far as there is room. */
  attend(pids: readonly number[]): void {
    const wanted = new Set(pids.slice(0, this.max));
    for (const pid of this.pidfds.keys()) if (!wanted.has(pid)) this.drop(pid);
    for (const pid of wanted) if (!this.pidfds.has(pid)) this.take(pid);
  }

  /** How a process ended that was attended to; undefined while it lives, and when nobody can know. */
  async of(pid: number): Promise<Exit | undefined> {
    const pidfd = this.pidfds.get(pid);
    if (pidfd === undefined) return undefined;
    return await poll(REAPED_MS, LOOK_MS, () => this.ask(pidfd) ?? zombieExit(pid));
  }

  /** Those attended to that have ended. */
  ended(): number[] {
    if (this.pidfds.size === 0) return [];
    this.files ??= this.pollFiles(); // an idle daemon asks twice a second
    const { files } = this;
    if ((this.c?.poll(files, this.pidfds.size, 0) ?? 0) <= 0) return [];
    return [...this.pidfds.keys()].filter((_, i) => files.getInt16(i * POLLFD_BYTES + 6, true) !== 0);
  }

  [Symbol.dispose](): void {
    for (const pid of [...this.pidfds.keys()]) this.drop(pid);
  }

  /** What poll(2) asks of. */
  private pollFiles(): DataView<ArrayBuffer> {
    const files = new DataView(new ArrayBuffer(this.pidfds.size * POLLFD_BYTES));
    [...this.pidfds.values()].forEach((pidfd, i) => {
      files.setInt32(i * POLLFD_BYTES, pidfd, true);
      files.setInt16(i * POLLFD_BYTES + 4, POLLIN, true);
    });
    return files;
  }

  private take(pid: number): void {
    this.files = undefined;
    const pidfd = Number(this.c?.syscall(PIDFD_OPEN, pid, 0) ?? -1);
    if (pidfd >= 0) this.pidfds.set(pid, pidfd);
  }

  private drop(pid: number): void {
    this.files = undefined;
    this.c?.close(this.pidfds.get(pid) ?? -1);
    this.pidfds.delete(pid);
  }

  private ask(pidfd: number): Exit | undefined {
    const info = new DataView(new ArrayBuffer(INFO_BYTES));
    info.setBigUint64(0, INFO_EXIT, true);
    if (this.c?.ioctl(pidfd, GET_INFO, info) !== 0 || (info.getBigUint64(0, true) & INFO_EXIT) === 0n) return undefined;
    return exitOf(info.getInt32(STATUS_AT, true));
  }
}

/**
 * How a process ended that its parent has not asked about yet: all of Linux tells that to its owner (proc(5), the
 * exit_code of /proc/PID/stat).
 */
function zombieExit(pid: number): Exit | undefined {
  const text = readStat(pid);
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const status = fields[EXIT_CODE_FIELD];
  return state === "Z" && status !== undefined ? exitOf(Number(status)) : undefined;
}

function readStat(pid: number): string {
  try {
    return readText(`/proc/${pid}/stat`) ?? "";
  } catch {
    return "";
  }
}

/** Reads a wait status (wait(2)). Pure. */
export function exitOf(status: number): Exit {
  const signal = status & 0x7f;
  return signal === 0 ? { exitCode: (status >> 8) & 0xff } : { signal };
}

/** How many files this process may have open (proc(5)). */
function filesMax(): number {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(readText("/proc/self/limits") ?? "") ?? [];
  return Number(soft ?? FILES);
}

function openFunctions() {
  try {
    return process.platform === "linux" ? openLibc(FUNCTIONS) : undefined;
  } catch {
    return undefined;
  }
}
