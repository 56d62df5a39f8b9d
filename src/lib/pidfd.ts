import { linux } from "./libc.ts";
import { quickClose } from "./quick.ts";

// the same numbers on every architecture (syscalls(2))
const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;

/** A descriptor of a process (pidfd_open(2)), which stays its own also when its pid is used again; -1 where there is none. */
export function openPidfd(pid: number): number {
  return Number(linux()?.syscall(SYS_PIDFD_OPEN, pid, null, 0, null, 0) ?? -1);
}

/**
 * Sends a signal, by its number, to the process of that pid that `isIt` is true for, and to no other: between the question and
 * the signal the pid can't become another's.
 * @returns whether it was sent; undefined where that can't be done so
 */
export function signalByPidfd(pid: number, signal: number, isIt: () => boolean): boolean | undefined {
  const fd = openPidfd(pid);
  if (fd < 0) return undefined;
  try {
    if (!isIt()) return false;
    return Number(linux()?.syscall(SYS_PIDFD_SEND_SIGNAL, fd, signal as never, 0, null, 0) ?? -1) === 0
      ? true
      : undefined;
  } finally {
    quickClose(fd);
  }
}
