import { fs } from "../lib/builtin.ts";
import { uptimeS } from "../lib/clock.ts";
import { readText } from "../lib/files.ts";
import { openLibc } from "../lib/libc.ts";
import { isDigits } from "../lib/names.ts";
import { quickEntries, quickLstat, quickReadKernel, quickReadlink } from "../lib/quick.ts";
import { effectiveUid } from "../lib/uid.ts";
import type { ProcessStat, ProcessTable, Usage, Waits } from "./process-table.ts";
import { readsTerminal, waitsForTerminal } from "./terminal-waits.ts";

const DELETED = " (deleted)"; // what the kernel adds to the name of a file that is gone
const PTS_MAJOR = 136; // of pseudo-terminals (devices.txt of Linux)
const TICKS_PER_S = 100; // of /proc/PID/stat: USER_HZ, which is 100 on every Linux of today
/** The number of read(2). */
const READ_CALL = { x64: "0", arm64: "63" }[process.arch as string];

/** The process table of Linux, /proc (proc(5)). Each question reads just what it needs. Start times are in clock ticks after boot. */
export class ProcTable implements ProcessTable {
  /** @param isHardened take the kernel for one that keeps to itself what processes wait for */
  constructor(private readonly isHardened = false) {}

  now(): ProcessTable {
    return this;
  }

  pids(): number[] {
    const names = quickEntries("/proc") ?? fs().readdirSync("/proc");
    const pids: number[] = [];
    for (const name of names) if (isDigits(name)) pids.push(Number(name));
    return pids;
  }

  ownPids(): number[] {
    const uid = effectiveUid();
    return this.pids().filter((pid) => this.ownerUid(pid) === uid);
  }

  stat(pid: number): ProcessStat | undefined {
    return parseStat(readProc(pid, "stat"));
  }

  ageS(startTime: number): number | undefined {
    const uptime = uptimeS();
    return uptime === undefined ? undefined : uptime - startTime / TICKS_PER_S;
  }

  ownerUid(pid: number): number | undefined {
    const path = `/proc/${pid}`;
    return quickLstat(path)?.uid ?? fs().statSync(path, { throwIfNoEntry: false })?.uid;
  }

  /** A pseudo-terminal, by its number (tty_nr). */
  terminal(pid: number): string | undefined {
    const text = readProc(pid, "stat") ?? "";
    const [, , , , number] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return terminalPath(Number(number));
  }

  /** VmRSS of /proc/PID/status. */
  residentBytes(pid: number): number | undefined {
    const [, after] = (readProc(pid, "status") ?? "").split("VmRSS:", 2);
    return after === undefined ? undefined : Number.parseInt(after, 10) * 1024;
  }

  usage(pid: number): Usage | undefined {
    return parseUsage(readProc(pid, "stat"), pageBytes());
  }

  commandLine(pid: number): string[] {
    return (readProc(pid, "cmdline") ?? "").split("\0").slice(0, -1);
  }

  /** The path, also that of a program that was replaced by a newer one, as an upgrade does. */
  executable(pid: number): string | undefined {
    const exe = linkTarget(`/proc/${pid}/exe`);
    return exe?.endsWith(DELETED) ? exe.slice(0, -DELETED.length) : exe;
  }

  startEnvironment(pid: number): string[] {
    return (readProc(pid, "environ") ?? "").split("\0");
  }

  /** /proc/PID/wchan. */
  waitChannel(pid: number): string {
    return readProc(pid, "wchan") ?? "";
  }

  /** /proc/PID/syscall, which a hardened kernel keeps to itself. */
  readSize(pid: number): number | undefined {
    const [call, fd, , size] = this.isHardened ? [] : (readProc(pid, "syscall") ?? "").split(" ");
    return call !== undefined && call === READ_CALL && fd === "0x0" ? Number(size) : undefined;
  }

  waitsForTerminal(pid: number, tty: string): Waits {
    return waitsForTerminal(pid, tty, this.isHardened);
  }

  readsTerminal(pid: number, tty: string): boolean {
    return readsTerminal(pid, tty, this.isHardened);
  }

  openFile(pid: number, fd: number): string | undefined {
    return linkTarget(`/proc/${pid}/fd/${fd}`);
  }

  openFiles(pid: number): string[] {
    try {
      return fs()
        .readdirSync(`/proc/${pid}/fd`)
        .flatMap((fd) => linkTarget(`/proc/${pid}/fd/${fd}`) ?? []);
    } catch {
      return []; // it ended while we looked, or is not ours to look at
    }
  }

  hasOpen(pid: number, path: string, { deletedOnly }: { deletedOnly: boolean }): boolean {
    const open = this.openFiles(pid);
    return open.includes(path + DELETED) || (!deletedOnly && open.includes(path));
  }
}

/** Reads /proc/PID/stat; the command, in parentheses, may itself hold spaces and parentheses. */
export function parseStat(text: string | undefined): ProcessStat | undefined {
  if (text === undefined) return undefined;
  const [state, ppid, pgrp, session, , tpgid, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ", 20);
  const pid = Number.parseInt(text, 10);
  // field 22 (starttime); `rest` begins at field 9
  const startTime = Number(rest[13]);
  if (state === undefined || !Number.isInteger(pid) || !Number.isFinite(startTime)) return undefined;
  // each by itself: the first use of map costs more than to read the file does
  const [parent, group, foreground] = [Number(ppid), Number(pgrp), Number(tpgid)];
  return { pid, startTime, state, ppid: parent, pgrp: group, session: Number(session), tpgid: foreground };
}

/** Reads utime, stime and rss of /proc/PID/stat, fields 14, 15 and 24; undefined of what is no such text. Pure. */
export function parseUsage(text: string | undefined, pageBytes: number): Usage | undefined {
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // from field 3 on
  const [user, system, pages] = [Number(fields[11]), Number(fields[12]), Number(fields[21])];
  if (!Number.isFinite(user + system + pages)) return undefined;
  return { cpuMs: ((user + system) * 1000) / TICKS_PER_S, residentBytes: pages * pageBytes };
}

let page: number | undefined;

function pageBytes(): number {
  page ??= openLibc({ getpagesize: { args: [], returns: "i32" } }).getpagesize();
  return page;
}

/** The path of a pseudo-terminal, by its number as proc(5) tells it; undefined for anything else. Pure. */
export function terminalPath(number: number): string | undefined {
  const major = (number >> 8) & 0xfff;
  const minor = (number & 0xff) | ((number >> 12) & 0xfff00);
  return major === PTS_MAJOR ? `/dev/pts/${minor}` : undefined;
}

/** Where a link leads to; undefined also where that can't be told. */
export function linkTarget(path: string): string | undefined {
  try {
    return quickReadlink(path) ?? fs().readlinkSync(path);
  } catch {
    return undefined;
  }
}

function readProc(pid: number, file: string): string | undefined {
  try {
    const path = `/proc/${pid}/${file}`;
    return quickReadKernel(path) ?? readText(path);
  } catch {
    return undefined;
  }
}
