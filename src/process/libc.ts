import { dlopen } from "bun:ffi";
import { closeSync, constants, openSync } from "node:fs";

const LOCK_EX = 2;
const LOCK_NB = 4;

type Libc = { flock(fd: number, operation: number): number; dup2(from: number, to: number): number };
let loaded: Libc | undefined;

/** Takes an exclusive flock(2) on an open file without waiting; false when another process has it. */
export function flockExclusive(fd: number): boolean {
  return libc().flock(fd, LOCK_EX | LOCK_NB) === 0;
}

/** Makes a file descriptor point at /dev/null (dup2(2)), so that its number is not given to another file. */
export function silence(fd: number): void {
  const none = openSync("/dev/null", constants.O_RDWR);
  libc().dup2(none, fd);
  closeSync(none);
}

function libc(): Libc {
  loaded ??= open();
  return loaded;
}

/** The C library under its name on glibc, on macOS and on musl, whichever loads. */
function open(): Libc {
  const names =
    process.platform === "darwin"
      ? ["libSystem.B.dylib"]
      : ["libc.so.6", "libc.so", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];
  let failure: unknown;
  for (const name of names) {
    try {
      return dlopen(name, {
        flock: { args: ["i32", "i32"], returns: "i32" },
        dup2: { args: ["i32", "i32"], returns: "i32" },
      }).symbols;
    } catch (cause) {
      failure ??= cause;
    }
  }
  throw failure;
}
