import { type Linux, linux } from "./linux.ts";

// A child process for one answer, without Bun's pipes, which cost two threads and a tenth of a short command's time at
// their first use: what it writes goes to memory, and one poll(2) waits for its end.

/** How a child process ended, and what it wrote. */
export interface Outcome {
  /** null when a signal ended it */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

const SYS_PIDFD_OPEN = 434;
const MFD_CLOEXEC = 1;
const SEEK_SET = 0;
const SEEK_END = 2;
const POLLIN = 1;
const P_PID = 1;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x1000000;
const CLD_EXITED = 1;
let isUsable: boolean | undefined;

/** A running child process, to be waited for once. */
export class QuickChild {
  /** Starts one. undefined where this can't be done; throws as Bun.spawn() does when there is no such program. */
  static start(
    command: string[],
    options: { input?: Uint8Array | undefined; env?: Record<string, string> },
  ): QuickChild | undefined {
    const c = linux();
    if (c === null || !canWait(c)) return undefined;
    const { input, ...rest } = options;
    const stdin = input === undefined ? undefined : memory(c, input);
    const [stdout, stderr] = [memory(c), memory(c)];
    try {
      if (stdin === -1 || stdout === -1 || stderr === -1) return undefined;
      const child = Bun.spawn(command, { stdin: stdin ?? "ignore", stdout, stderr, ...rest });
      return new QuickChild(c, child, stdout, stderr);
    } catch (cause) {
      c.close(stdout);
      c.close(stderr);
      throw cause;
    } finally {
      if (stdin !== undefined) c.close(stdin);
    }
  }

  private readonly pidfd: number;

  private constructor(
    private readonly c: Linux,
    private readonly child: Bun.Subprocess,
    private readonly stdout: number,
    private readonly stderr: number,
  ) {
    this.pidfd = openPidfd(c, child.pid);
  }

  /** Waits for its end, which after `timeoutMs` is SIGKILL. */
  wait(timeoutMs: number): Outcome {
    const { c, child, pidfd, stdout, stderr } = this;
    // struct pollfd (poll(2)); without a pidfd, for want of descriptors, it is asked now and then
    const pollfd = new DataView(new ArrayBuffer(8));
    pollfd.setInt32(0, pidfd, true);
    pollfd.setInt16(4, POLLIN, true);
    const end = performance.now() + timeoutMs;
    let timedOut = false;
    let exitCode = this.exitCode();
    while (exitCode === undefined) {
      const left = end - performance.now();
      if (left <= 0 && !timedOut) {
        timedOut = true;
        child.kill("SIGKILL");
      }
      c.poll(pollfd, 1, pidfd === -1 ? 1 : timedOut ? 1000 : Math.ceil(left));
      exitCode = this.exitCode();
    }
    const outcome = {
      exitCode,
      stdout: content(c, stdout),
      stderr: exitCode === 0 ? "" : content(c, stderr),
      timedOut,
    };
    for (const fd of [pidfd, stdout, stderr]) if (fd !== -1) c.close(fd);
    return outcome;
  }

  /** undefined while it runs. It is left for Bun to reap: no pid may be another's before Bun knows of its end. */
  private exitCode(): number | null | undefined {
    const { exitCode, signalCode, pid } = this.child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const info = new DataView(new ArrayBuffer(128)); // siginfo_t: signal, error, code; from 16 on pid, user, status
    if (this.c.waitid(P_PID, pid, info, WEXITED | WNOHANG | WNOWAIT) !== 0) throw new Error("waitid(2) failed");
    if (info.getInt32(0, true) === 0) return undefined;
    return info.getInt32(8, true) === CLD_EXITED ? info.getInt32(24, true) : null;
  }
}

/** Whether an end can be waited for: pidfd_open(2) is newer than Linux 5.2, and containers may refuse it. */
function canWait(c: Linux): boolean {
  if (isUsable === undefined) {
    const own = openPidfd(c, process.pid);
    isUsable = own !== -1;
    if (isUsable) c.close(own);
  }
  return isUsable;
}

function openPidfd(c: Linux, pid: number): number {
  return Number(c.syscall(SYS_PIDFD_OPEN, pid, null, 0, null, 0));
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
