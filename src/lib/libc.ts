import type { FFIFunction } from "bun:ffi";
import { fs } from "./builtin.ts";

// The C library by Bun's FFI. Short-lived commands call it in place of node:fs, which takes several times as long to load.

type Functions = Record<string, FFIFunction>;
type Library<F extends Functions> = ReturnType<typeof openLibc<F>>;
type Ffi = Pick<typeof import("bun:ffi"), "dlopen">;

/** lseek(2): from the start of the file. */
export const SEEK_SET = 0;
/** lseek(2): from its end. */
export const SEEK_END = 2;
const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const F_SETPIPE_SZ = 1031;
const F_GETPIPE_SZ = 1032;
const FIONREAD = 0x541b;
const TIOCGWINSZ = 0x5413;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;

const POLLIN = 1;
const POLLOUT = 4;
const POLLERR = 8;
const POLLHUP = 16;

// In two parts, since each function takes 0.01 ms to be linked: those of nearly every command, and those that few call.

/** Functions that are the same on every system. */
const PORTABLE = {
  isatty: { args: ["i32"], returns: "i32" },
  poll: { args: ["buffer", "u64", "i32"], returns: "i32" },
  write: { args: ["i32", "buffer", "u64"], returns: "i64" },
} as const;
const PORTABLE_RARE = {
  usleep: { args: ["u32"], returns: "i32" },
  flock: { args: ["i32", "i32"], returns: "i32" },
  dup2: { args: ["i32", "i32"], returns: "i32" },
  mkfifo: { args: ["buffer", "u32"], returns: "i32" },
} as const;

/** Functions, or uses of them, that only Linux has. */
const LINUX = {
  ...PORTABLE,
  access: { args: ["buffer", "i32"], returns: "i32" },
  statx: { args: ["i32", "buffer", "i32", "u32", "buffer"], returns: "i32" },
  open: { args: ["buffer", "i32", "u32"], returns: "i32" },
  pipe2: { args: ["buffer", "i32"], returns: "i32" },
  memfd_create: { args: ["buffer", "u32"], returns: "i32" },
  read: { args: ["i32", "buffer", "u64"], returns: "i64" },
  pread: { args: ["i32", "buffer", "u64", "i64"], returns: "i64" },
  lseek: { args: ["i32", "i64", "i32"], returns: "i64" },
  close: { args: ["i32"], returns: "i32" },
  unlink: { args: ["buffer"], returns: "i32" },
  waitid: { args: ["i32", "u32", "buffer", "i32"], returns: "i32" },
  signal: { args: ["i32", "ptr"], returns: "ptr" },
  // renameat2(2) and pidfd_open(2), for which older C libraries have no functions
  syscall: { args: ["i64", "i32", "ptr", "i32", "ptr", "u32"], returns: "i64" },
} as const;
const LINUX_RARE = {
  ...PORTABLE_RARE,
  readlink: { args: ["buffer", "buffer", "u64"], returns: "i64" },
  rename: { args: ["buffer", "buffer"], returns: "i32" },
  fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
  ioctl: { args: ["i32", "u64", "buffer"], returns: "i32" },
} as const;

/** The C library as linux() gives it. */
export type Linux = ReturnType<typeof openLibc<typeof LINUX>>;

/** The functions of Linux, loaded once; null on other systems, and with a C library that lacks one of them. */
export const linux = onLinux(LINUX);
/** Those that few call. */
export const linuxRare = onLinux(LINUX_RARE);
/** The functions that are the same on every system. */
const libc = onceOpen(linux, PORTABLE);
const libcRare = onceOpen(linuxRare, PORTABLE_RARE);

function onLinux<const F extends Functions>(functions: F): () => Library<F> | null {
  let found: Library<F> | null | undefined;
  return () => {
    if (found !== undefined) return found;
    try {
      found = process.platform === "linux" ? openLibc(functions) : null;
    } catch {
      found = null; // musl before 1.2.5 has no statx
    }
    return found;
  };
}

function onceOpen<const F extends Functions>(found: () => Library<F> | null, functions: F): () => Library<F> {
  let own: Library<F> | undefined;
  return () => {
    own ??= found() ?? openLibc(functions);
    return own;
  };
}

/** Takes an exclusive flock(2) on an open file without waiting; false when another process has it. */
export function flockExclusive(fd: number): boolean {
  return libcRare().flock(fd, LOCK_EX | LOCK_NB) === 0;
}

/** As flockExclusive(), with a lock that any number of processes may share. */
export function flockShared(fd: number): boolean {
  return libcRare().flock(fd, LOCK_SH | LOCK_NB) === 0;
}

/** Makes a named pipe (mkfifo(3), mode 0600); false when it can't be made, as when something has that name. */
export function makeFifo(path: string): boolean {
  return libcRare().mkfifo(cString(path), 0o600) === 0;
}

/**
 * Lets a pipe hold so many bytes (fcntl(2), F_SETPIPE_SZ) where the system allows that; else it stays as it is.
 * @returns how many it holds now; Infinity where the system does not tell
 */
export function enlargePipe(fd: number, bytes: number): number {
  const c = linuxRare();
  if (!c || c.fcntl(fd, F_GETPIPE_SZ, 0) < 0) return Number.POSITIVE_INFINITY;
  c.fcntl(fd, F_SETPIPE_SZ, bytes);
  return c.fcntl(fd, F_GETPIPE_SZ, 0);
}

/** The two ends of a pipe that no child process inherits, and that nobody waits for (pipe2(2)); undefined where there can be none. */
export function pipeEnds(): { read: number; write: number } | undefined {
  const ends = new DataView(new ArrayBuffer(8)); // int pipefd[2]
  if (linux()?.pipe2(ends, O_CLOEXEC | O_NONBLOCK) !== 0) return undefined;
  return { read: ends.getInt32(0, true), write: ends.getInt32(4, true) };
}

/** How many bytes wait to be read from a pipe (FIONREAD, pipe(7)); 0 also where the system does not tell. */
export function bytesToRead(fd: number): number {
  const found = new DataView(new ArrayBuffer(4));
  return linuxRare()?.ioctl(fd, FIONREAD, found) === 0 ? found.getInt32(0, true) : 0;
}

/** Makes a file descriptor point at /dev/null (dup2(2)), so that its number is not given to another file. */
export function redirectToNull(fd: number): void {
  const none = fs().openSync("/dev/null", fs().constants.O_RDWR);
  libcRare().dup2(none, fd);
  fs().closeSync(none);
}

/** Whether nobody reads any more from what is open at a file descriptor: a pipe or socket closed at its other end. */
export function isClosedByReader(fd: number): boolean {
  return (poll(fd, 0, 0) & (POLLERR | POLLHUP)) !== 0; // which are told whatever is asked for
}

/** Whether a file descriptor is a terminal (isatty(3)); node:tty takes 10 ms to load. */
export function isTerminal(fd: number): boolean {
  try {
    return libc().isatty(fd) === 1;
  } catch {
    return false; // there is no C library to be found
  }
}

/** How many columns stdout, which is a terminal, has (TIOCGWINSZ, ioctl_tty(2)); undefined where it does not tell. */
export function terminalColumns(): number | undefined {
  const c = linuxRare();
  if (!c) return process.stdout.columns || undefined;
  const size = new DataView(new ArrayBuffer(8)); // struct winsize { unsigned short ws_row, ws_col … }
  return c.ioctl(1, TIOCGWINSZ, size) === 0 ? size.getUint16(2, true) || undefined : undefined;
}

/** Whether a write does not have to wait, or would fail. */
export function isWritable(fd: number): boolean {
  return (poll(fd, POLLOUT, 0) & (POLLOUT | POLLERR | POLLHUP)) !== 0;
}

/**
 * Waits until a file can be read, at most so many milliseconds, or until a signal (poll(2)). Nothing for a fd of -1.
 * @returns whether to read from it would not have to wait, or would fail
 */
export function waitReadable(fd: number, timeoutMs: number): boolean {
  return poll(fd, POLLIN, timeoutMs) !== 0;
}

/** Keeps this thread from going on for so many milliseconds, or parts of one: Bun.sleepSync() does not sleep for those. */
export function sleepBriefly(ms: number): void {
  libcRare().usleep(Math.round(ms * 1000));
}

/** Writes to an open file; returns how many bytes it took, -1 when none. */
export function quickWrite(fd: number, bytes: Uint8Array): number {
  try {
    return Number(libc().write(fd, bytes, bytes.length));
  } catch {
    return -1; // there is no C library to be found
  }
}

/** Text as these functions take it. */
export function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

function poll(fd: number, events: number, timeoutMs: number): number {
  const pollfd = new DataView(new ArrayBuffer(8)); // struct pollfd { int fd; short events; short revents; }
  pollfd.setInt32(0, fd, true);
  pollfd.setInt16(4, events, true);
  libc().poll(pollfd, 1, timeoutMs);
  return pollfd.getInt16(6, true);
}

/**
 * Functions of the C library, under its name on glibc, on macOS and on musl, whichever loads. Throws when one of them
 * is not there.
 */
export function openLibc<const F extends Functions>(functions: F) {
  // what bun:ffi itself calls; the module around it, which these functions do without, takes four times as long to load
  const { dlopen } = (Bun as { FFI?: Ffi }).FFI ?? (import.meta.require("bun:ffi") as Ffi);
  const names =
    process.platform === "darwin"
      ? ["libSystem.B.dylib"]
      : ["libc.so.6", "libc.so", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];
  let failure: unknown;
  for (const name of names) {
    try {
      const library = dlopen(name, functions);
      // what the module around it would throw
      if (library instanceof Error) throw library;
      return library.symbols;
    } catch (cause) {
      failure ??= cause;
    }
  }
  throw failure;
}
