import { readText } from "../lib/files.ts";
import { quickEntries, quickMemory, quickReadlink } from "../lib/quick.ts";
import type { Waits } from "./process-table.ts";

// What a process waits for, by the kernel's own account: the system call that each of its threads is in, with its arguments
// (/proc/PID/task/TID/syscall), or, where a hardened kernel keeps that to itself (Yama, ptrace_scope 1), where in the kernel
// it sleeps (wchan).

type Call = "read" | "select" | "poll" | "epoll" | "other";

const isX64 = process.arch === "x64";
/** The numbers of the calls by which one waits to read (syscalls(2)). */
const CALLS: Readonly<Record<number, Call>> = isX64
  ? {
      0: "read",
      17: "read",
      19: "read",
      23: "select",
      270: "select",
      7: "poll",
      271: "poll",
      232: "epoll",
      281: "epoll",
      441: "epoll",
    }
  : { 63: "read", 65: "read", 67: "read", 72: "select", 73: "poll", 22: "epoll", 441: "epoll" };
/**
 * io_uring_enter(2), which tells what it waits for in memory that it shares with the kernel; and a call that goes on after the
 * process was stopped (restart_syscall(2)), of which nobody says which it is.
 */
const UNTOLD = [426, isX64 ? 219 : 128];
const POLLIN = 1;
const SELECT_MAX = 1024;
const POLL_MAX = 1024;
const THREADS_MAX = 200;

/**
 * Whether any thread of a process waits for a terminal to have something to read.
 * @param tty the path of the terminal
 * @param isHardened take the kernel for one that does not tell of system calls
 */
export function waitsForTerminal(pid: number, tty: string, isHardened = false): Waits {
  const first = threadWaits(pid, pid, tty, isHardened);
  if (first === "yes") return first;
  let found: Waits = first;
  for (const tid of (quickEntries(`/proc/${pid}/task`) ?? []).slice(0, THREADS_MAX)) {
    if (Number(tid) === pid) continue;
    const waits = threadWaits(pid, Number(tid), tty, isHardened);
    if (waits === "yes") return waits;
    if (waits === "unknown") found = waits;
  }
  return found;
}

/**
 * Whether any thread of a process sleeps in a read of that very terminal (read(2)): one that only looks whether there is something,
 * among other files, may do so while it works. false also where that can't be known.
 */
export function readsTerminal(pid: number, tty: string, isHardened = false): boolean {
  const threads = [pid, ...(quickEntries(`/proc/${pid}/task`) ?? []).map(Number)].slice(0, THREADS_MAX);
  return threads.some((tid) => {
    const told = isHardened ? "" : (read(`/proc/${pid}/task/${tid}/syscall`) ?? "");
    const [number = -1, fd = -1] = told.split(" ").map(Number);
    if (told !== "") return CALLS[number] === "read" && isTerminal(pid, fd, tty);
    const channel = read(`/proc/${pid}/task/${tid}/wchan`) ?? "";
    return /^(n_tty_read|tty_read|wait_woken)/.test(channel) && byChannel(pid, tid, tty) === "yes";
  });
}

function threadWaits(pid: number, tid: number, tty: string, isHardened: boolean): Waits {
  const told = isHardened ? undefined : read(`/proc/${pid}/task/${tid}/syscall`);
  return told === undefined || told === "" ? byChannel(pid, tid, tty) : byCall(pid, told, tty);
}

/** `NUMBER ARGUMENT…`, or "running". */
function byCall(pid: number, told: string, tty: string): Waits {
  const [number = -1, a = 0, b = 0] = told.split(" ").map(Number);
  switch (CALLS[number]) {
    case "read":
      return yesIf(isTerminal(pid, a, tty));
    case "select":
      return b === 0 ? "no" : amongBits(pid, { count: a, address: b }, tty);
    case "poll":
      return amongPolled(pid, { address: a, count: b }, tty);
    case "epoll":
      return amongEpoll(pid, a, tty);
    default:
      return UNTOLD.includes(number) ? "unknown" : "no";
  }
}

/** By the function of the kernel in which a thread sleeps. What is the same for several kinds of files is not known. */
function byChannel(pid: number, tid: number, tty: string): Waits {
  const channel = read(`/proc/${pid}/task/${tid}/wchan`) ?? "";
  if (channel === "" || channel === "0") return isReadable(pid) ? "no" : "unknown"; // it runs, or is not ours to look at
  const fds = quickEntries(`/proc/${pid}/fd`);
  if (fds === undefined) return "unknown";
  const links = fds.map((fd) => quickReadlink(`/proc/${pid}/fd/${fd}`) ?? "");
  if (!links.some((link) => isSame(link, tty))) return "no";
  if (/^(n_tty_read|tty_read)/.test(channel)) return "yes";
  // one of these sleeps so when it reads from a socket, too
  if (channel.startsWith("wait_woken")) return links.some((link) => link.startsWith("socket:")) ? "unknown" : "yes";
  if (/^(do_epoll_wait|ep_poll)/.test(channel)) {
    const found = fds.filter((_, i) => links[i] === "anon_inode:[eventpoll]");
    const waits = found.map((fd) => amongEpoll(pid, Number(fd), tty));
    return waits.find((one) => one !== "no") ?? "no";
  }
  return /^(poll_schedule_timeout|do_poll|do_select|do_sys_poll|io_cqring_wait)/.test(channel) ? "unknown" : "no";
}

/** Whether the files of a process may be looked at: those of others' are not (a zombie has none). */
function isReadable(pid: number): boolean {
  return quickEntries(`/proc/${pid}/fd`) !== undefined;
}

function amongBits(pid: number, { count, address }: { count: number; address: number }, tty: string): Waits {
  const bytes = quickMemory(pid, address, Math.ceil(Math.min(count, SELECT_MAX) / 8));
  if (!bytes) return "unknown";
  for (let fd = 0; fd < Math.min(count, SELECT_MAX); fd++) {
    const isAsked = ((bytes[fd >> 3] ?? 0) & (1 << (fd & 7))) !== 0;
    if (isAsked && isTerminal(pid, fd, tty)) return "yes";
  }
  return "no";
}

/** struct pollfd { int fd; short events; short revents; } */
function amongPolled(pid: number, { count, address }: { count: number; address: number }, tty: string): Waits {
  if (count === 0) return "no";
  const bytes = quickMemory(pid, address, Math.min(count, POLL_MAX) * 8);
  if (!bytes) return "unknown";
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 8) {
    const isAsked = (view.getInt16(at + 4, true) & POLLIN) !== 0;
    if (isAsked && isTerminal(pid, view.getInt32(at, true), tty)) return "yes";
  }
  return "no";
}

/** The files of an epoll instance stand in its fdinfo (proc(5)): `tfd: 0 events: 19 …`, the events in hexadecimal. */
function amongEpoll(pid: number, epoll: number, tty: string): Waits {
  const info = read(`/proc/${pid}/fdinfo/${epoll}`);
  if (info === undefined) return "unknown";
  for (const [, fd, events] of info.matchAll(/^tfd:\s*(\d+) events:\s*([0-9a-f]+)/gm)) {
    if ((Number.parseInt(events ?? "", 16) & POLLIN) !== 0 && isTerminal(pid, Number(fd), tty)) return "yes";
  }
  return "no";
}

function isTerminal(pid: number, fd: number, tty: string): boolean {
  return fd >= 0 && isSame(quickReadlink(`/proc/${pid}/fd/${fd}`) ?? "", tty);
}

/** A process's own terminal is also known as /dev/tty. */
function isSame(link: string, tty: string): boolean {
  return link === tty || link === "/dev/tty";
}

/** A file of /proc; undefined when the process is gone, or not ours to look at. */
function read(path: string): string | undefined {
  try {
    return readText(path);
  } catch {
    return undefined;
  }
}

function yesIf(is: boolean): Waits {
  return is ? "yes" : "no";
}
