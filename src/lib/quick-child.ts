import { type Linux, linux, SEEK_END, SEEK_SET, waitReadable } from "./libc.ts";
import { openPidfd } from "./pidfd.ts";

// A child process for one answer, without Bun's pipes, which cost two threads and a twentieth of a short command's time
// at their first use: what it writes goes to memory, and one poll(2) waits for its end.

/** How a child process ended, and what it wrote. */
export interface Outcome {
  /** null when a signal ended it */
  exitCode: number | null;
  stdout: string;
  /** only when the exit code is not 0 */
  stderr: string;
  timedOut: boolean;
}

const MFD_CLOEXEC = 1;
const P_PID = 1;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x1000000;
const CLD_EXITED = 1;
const SIGCHLD = 17;
const SIG_IGN = 1;
let isUsable: boolean | undefined;

/**
 * A running child process. Between two turns of the event loop, which reaps it, it stays a zombie with a descriptor of
 * Bun's: not for long loops without an await.
 */
export class QuickChild {
  /** Starts one. undefined where this can't be done; throws as Bun.spawn() does when there is no such program. */
  static start(
    command: string[],
    options: { input?: Uint8Array | undefined; env?: Record<string, string>; cwd?: string },
  ): QuickChild | undefined {
    const c = linux();
    if (c === null || !canWait(c)) return undefined;
    const { input, ...rest } = options;
    const stdin = input === undefined ? undefined : memory(c, input);
    const [stdout, stderr] = [memory(c), memory(c)];
    let child: Bun.Subprocess | undefined;
    try {
      if (stdin === -1 || stdout === -1 || stderr === -1) return undefined;
      child = Bun.spawn(command, { stdin: stdin ?? "ignore", stdout, stderr, ...rest });
      return new QuickChild(c, child, stdout, stderr);
    } finally {
      close(c, child ? [stdin] : [stdin, stdout, stderr]);
    }
  }

  private readonly pidfd: number;
  private outcome: Outcome | undefined;

  private constructor(
    private readonly c: Linux,
    private readonly child: Bun.Subprocess,
    private readonly stdout: number,
    private readonly stderr: number,
  ) {
    this.pidfd = openPidfd(child.pid);
  }

  /** Waits for its end, which after `timeoutMs` is SIGKILL. */
  wait(timeoutMs: number): Outcome {
    if (this.outcome) return this.outcome;
    const { c, stdout, stderr } = this;
    try {
      const { exitCode, timedOut } = this.ended(timeoutMs);
      const said = exitCode === 0 ? "" : content(c, stderr);
      this.outcome = { exitCode, stdout: content(c, stdout), stderr: said, timedOut };
      return this.outcome;
    } finally {
      close(c, [this.pidfd, stdout, stderr]);
    }
  }

  private ended(timeoutMs: number): { exitCode: number | null; timedOut: boolean } {
    const end = performance.now() + timeoutMs;
    let timedOut = false;
    for (;;) {
      const exitCode = this.exitCode();
      if (exitCode !== undefined) return { exitCode, timedOut };
      const left = end - performance.now();
      if (left <= 0 && !timedOut) {
        timedOut = true;
        this.child.kill("SIGKILL");
      }
      // without a pidfd, for want of descriptors, it looks again and again
      waitReadable(this.pidfd, this.pidfd === -1 ? 1 : timedOut ? 1000 : Math.ceil(left));
    }
  }

  /** undefined while it runs. It is left to Bun to reap it: a pid that Bun knows must be nobody else's. */
  private exitCode(): number | null | undefined {
    const { exitCode, signalCode, pid } = this.child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const info = new DataView(new ArrayBuffer(128)); // siginfo_t: signal, error, code; from 16 on pid, user, status
    if (this.c.waitid(P_PID, pid, info, WEXITED | WNOHANG | WNOWAIT) !== 0) throw new Error("waitid(2) failed");
    if (info.getInt32(0, true) === 0) return undefined;
    return info.getInt32(8, true) === CLD_EXITED ? info.getInt32(24, true) : null;
  }
}

/**
 * Whether the end of a child can be waited for: not before Linux 5.3, and not where a container refuses pidfd_open(2),
 * since Bun then has a thread that reaps children.
 */
function canWait(c: Linux): boolean {
  if (isUsable === undefined) {
    const own = openPidfd(process.pid);
    isUsable = own !== -1;
    close(c, [own]);
    // what ignores it, as some parents leave it, has its children reaped by the kernel, exit code and all (wait(2), NOTES)
    const before = c.signal(SIGCHLD, null);
    if (before !== SIG_IGN) c.signal(SIGCHLD, before);
  }
  return isUsable;
}

/** A file in memory (memfd_create(2)) that holds these bytes, at its start; -1 when it can't be made. */
function memory(c: Linux, bytes?: Uint8Array): number {
  const fd = c.memfd_create(new Uint8Array(1), MFD_CLOEXEC);
  if (fd === -1 || bytes === undefined || bytes.length === 0) return fd;
  const isWhole = Number(c.write(fd, bytes, bytes.length)) === bytes.length;
  if (isWhole && Number(c.lseek(fd, 0, SEEK_SET)) === 0) return fd;
  c.close(fd);
  return -1;
}

function content(c: Linux, fd: number): string {
  const size = Number(c.lseek(fd, 0, SEEK_END));
  if (size <= 0) return "";
  const bytes = new Uint8Array(size);
  if (Number(c.pread(fd, bytes, size, 0)) !== size) throw new Error("pread(2) failed");
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function close(c: Linux, descriptors: readonly (number | undefined)[]): void {
  for (const fd of descriptors) if (fd !== undefined && fd !== -1) c.close(fd);
}
