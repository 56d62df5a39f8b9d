import { fs } from "../lib/builtin.ts";
import { AppError, errno } from "../lib/errors.ts";
import { cString, linux, linuxRare, openLibc, quickWrite } from "../lib/libc.ts";
import { sleep } from "../lib/wait.ts";

const TERMINAL = "/dev/tty";
/** O_RDWR | O_NONBLOCK | O_CLOEXEC, the values that x64 and arm64 share: this open file is ours alone, so nobody else's reads and writes change. */
const OPEN_FLAGS = 2 | 0o4000 | 0o2000000;
const TIOCGWINSZ = 0x5413;
/** tcsetattr(3): at once, also where the terminal takes nothing. */
const TCSANOW = 0;
/** tcflush(3): drops what was typed and not read. */
const TCIFLUSH = process.platform === "linux" ? 0 : 1;
/** More than any system's struct termios takes. */
const TERMIOS_BYTES = 256;
const TERMIOS = {
  tcgetattr: { args: ["i32", "buffer"], returns: "i32" },
  tcsetattr: { args: ["i32", "i32", "buffer"], returns: "i32" },
  tcflush: { args: ["i32", "i32"], returns: "i32" },
  cfmakeraw: { args: ["buffer"], returns: "void" },
} as const;

// the alternate screen, no cursor, no wrapping, a mouse by SGR, pastes in brackets; and all of it back, in the other order
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1000h\x1b[?1006h\x1b[?2004h";
const LEAVE = "\x1b[m\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[?7h\x1b[?25h\x1b[?1049l";
/** How long a terminal that takes nothing may keep one from leaving it. */
const LEAVE_MS = 500;

/** The terminal that this process was started at: its whole screen, and each key. It is as it was after leave(). */
export class Terminal implements Disposable {
  /** Throws ERR_COMMAND_FAILED where there is none. */
  static open(): Terminal {
    const fd = linux()?.open(cString(TERMINAL), OPEN_FLAGS, 0) ?? openSlowly();
    if (fd >= 0) return new Terminal(fd, openLibc(TERMIOS));
    throw new AppError("ERR_COMMAND_FAILED", "There is no terminal from which keys could be read");
  }

  /** how it was set; undefined while it is as it was */
  private saved: Uint8Array | undefined;

  private constructor(
    private readonly fd: number,
    private readonly libc: ReturnType<typeof openLibc<typeof TERMIOS>>,
  ) {}

  /**
   * Takes the whole screen, and each key as it is pressed. Once more after a stop, in which a shell may have set it anew.
   * Throws as write().
   */
  async enter(signal: AbortSignal): Promise<void> {
    if (!this.saved) {
      const saved = new Uint8Array(TERMIOS_BYTES);
      if (this.libc.tcgetattr(this.fd, saved) !== 0) throw gone();
      this.saved = saved;
    }
    const raw = this.saved.slice();
    this.libc.cfmakeraw(raw);
    this.libc.tcsetattr(this.fd, TCSANOW, raw);
    await this.write(ENTER, signal);
  }

  /** Makes it as it was, if it is not. */
  leave(): void {
    const { saved } = this;
    if (!saved) return;
    this.saved = undefined;
    const bytes = new TextEncoder().encode(LEAVE);
    const end = performance.now() + LEAVE_MS;
    for (let done = 0; done < bytes.length && performance.now() < end; ) {
      const count = quickWrite(this.fd, bytes.subarray(done));
      if (count > 0) done += count;
      else Bun.sleepSync(1);
    }
    // what a mouse has told meanwhile is not for the shell
    this.libc.tcflush(this.fd, TCIFLUSH);
    this.libc.tcsetattr(this.fd, TCSANOW, saved);
  }

  /**
   * Writes a text, as soon as the terminal takes it; the rest of it is dropped when it is left meanwhile, or the signal is
   * aborted. Throws ERR_COMMAND_FAILED when it has gone.
   */
  async write(text: string, signal: AbortSignal): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let done = 0; done < bytes.length && this.saved && !signal.aborted; ) {
      const count = writeSome(this.fd, bytes.subarray(done));
      if (count > 0) done += count;
      else await sleep(1, signal);
    }
  }

  /** What is typed, as it comes, until the signal is aborted or the terminal has gone. */
  async *input(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    // an open file of its own, which is closed when nobody reads any more: what a child reads is not taken from it
    const reader = Bun.file(TERMINAL).stream().getReader();
    const stop = () => void reader.cancel().catch(() => {});
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!signal.aborted) {
        const { value, done } = await reader.read();
        if (done) return;
        yield value;
      }
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
  }

  /** How many columns and rows it has; 80 and 24 where it does not say. */
  size(): { columns: number; height: number } {
    const found = new DataView(new ArrayBuffer(8)); // struct winsize: rows, columns
    const isTold = linuxRare()?.ioctl(this.fd, TIOCGWINSZ, found) === 0;
    const [height, columns] = isTold ? [found.getUint16(0, true), found.getUint16(2, true)] : elsewhere();
    return { columns: columns || 80, height: height || 24 };
  }

  /** Leaves it, and lets it go. */
  [Symbol.dispose](): void {
    this.leave();
    fs().closeSync(this.fd);
  }
}

/** On macOS ioctl(2) takes its arguments in another way than these functions pass them on. */
function elsewhere(): [height: number, columns: number] {
  return [process.stdout.rows ?? 0, process.stdout.columns ?? 0];
}

function gone(cause?: unknown): AppError {
  return new AppError("ERR_COMMAND_FAILED", "The terminal has gone", { cause });
}

/**
 * Writes as much as an open file takes now; returns how many bytes that were, 0 where it takes none yet. Throws
 * ERR_COMMAND_FAILED where it will not take any.
 */
export function writeSome(fd: number, bytes: Uint8Array): number {
  const count = quickWrite(fd, bytes);
  if (count >= 0) return count;
  try {
    return fs().writeSync(fd, bytes); // which tells why
  } catch (thrown) {
    if (errno(thrown) === "EAGAIN" || errno(thrown) === "EINTR") return 0;
    throw gone(thrown);
  }
}

function openSlowly(): number {
  const { O_RDWR, O_NONBLOCK } = fs().constants;
  try {
    return fs().openSync(TERMINAL, O_RDWR | O_NONBLOCK);
  } catch (thrown) {
    if (errno(thrown) === undefined) throw thrown;
    return -1;
  }
}
