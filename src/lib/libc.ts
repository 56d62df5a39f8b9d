import type { FFIFunction } from "bun:ffi";
import { fs } from "./builtin.ts";

type Ffi = Pick<typeof import("bun:ffi"), "dlopen">;

const LOCK_EX = 2;
const LOCK_NB = 4;

const POLLERR = 8;
const POLLHUP = 16;

/** Takes an exclusive flock(2) on an open file without waiting; false when another process has it. */
export function flockExclusive(fd: number): boolean {
  return libc().flock(fd, LOCK_EX | LOCK_NB) === 0;
}

/** Makes a file descriptor point at /dev/null (dup2(2)), so that its number is not given to another file. */
export function silence(fd: number): void {
  const none = fs().openSync("/dev/null", fs().constants.O_RDWR);
  libc().dup2(none, fd);
  fs().closeSync(none);
}

/** Whether nobody reads any more from what is open at a file descriptor: a pipe or socket closed at its other end. */
export function isClosedByReader(fd: number): boolean {
  // struct pollfd { int fd; short events; short revents; } (poll(2)); errors are told whatever is asked for
  const pollfd = new DataView(new ArrayBuffer(8));
  pollfd.setInt32(0, fd, true);
  libc().poll(pollfd, 1, 0);
  return (pollfd.getInt16(6, true) & (POLLERR | POLLHUP)) !== 0;
}

const FUNCTIONS = {
  flock: { args: ["i32", "i32"], returns: "i32" },
  dup2: { args: ["i32", "i32"], returns: "i32" },
  poll: { args: ["buffer", "u64", "i32"], returns: "i32" },
} as const;
let loaded: ReturnType<typeof openLibc<typeof FUNCTIONS>> | undefined;

function libc() {
  loaded ??= openLibc(FUNCTIONS);
  return loaded;
}

/**
 * Functions of the C library, under its name on glibc, on macOS and on musl, whichever loads. Throws when one of them
 * is not there.
 */
export function openLibc<const Functions extends Record<string, FFIFunction>>(functions: Functions) {
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
      // what the module around it would throw: musl before 1.2.5 has no statx
      if (library instanceof Error) throw library;
      return library.symbols;
    } catch (cause) {
      failure ??= cause;
    }
  }
  throw failure;
}
