import { fs, nodePath } from "../lib/builtin.ts";
import { uptimeS } from "../lib/clock.ts";
import { effectiveUid } from "../lib/uid.ts";

/** The two background programs of this binary. */
export type Role = "daemon" | "watchdog";

/** A process, for certain: a pid may be reused, but never with the same start time. */
export interface ProcessId {
  pid: number;
  /** clock ticks after boot (field 22 of /proc/PID/stat, proc(5)) */
  startTime: number;
}

/** What /proc/PID/stat says of a process, as far as we need it (proc(5)). */
export interface ProcessStat extends ProcessId {
  state: string;
  ppid: number;
  /** its process group, and the foreground process group of its terminal (-1: no terminal) */
  pgrp: number;
  tpgid: number;
}

const DELETED = " (deleted)"; // what the kernel adds to the name of a file that is gone

/** The state of a living process; undefined when there is none or it is a zombie that waits for its parent. */
export function processStat(pid: number): ProcessStat | undefined {
  const stat = parseStat(readProc(pid, "stat"));
  return stat === undefined || stat.state === "Z" || stat.state === "X" ? undefined : stat;
}

/** Reads /proc/PID/stat; the command, in parentheses, may itself hold spaces and parentheses. */
export function parseStat(text: string | undefined): ProcessStat | undefined {
  if (text === undefined) return undefined;
  const [state, ppid, pgrp, , , tpgid, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const pid = Number.parseInt(text, 10);
  // field 22 (starttime); `rest` begins at field 9
  const startTime = Number(rest[13]);
  if (state === undefined || !Number.isInteger(pid) || !Number.isFinite(startTime)) return undefined;
  return { pid, startTime, state, ppid: Number(ppid), pgrp: Number(pgrp), tpgid: Number(tpgid) };
}

const TICKS_PER_S = 100; // of /proc/PID/stat: USER_HZ, which is 100 on every Linux of today

/** How long a process has lived, seconds; 0 when that can't be known. */
export function ageS(pid: number): number {
  const startTime = processStat(pid)?.startTime;
  const uptime = uptimeS();
  return startTime === undefined || uptime === undefined ? 0 : uptime - startTime / TICKS_PER_S;
}

/** The identity of this process. */
export function ownIdentity(): ProcessId {
  return { pid: process.pid, startTime: processStat(process.pid)?.startTime ?? 0 };
}

/** Whether the very process still lives: same pid, same start time. */
export function isAlive(id: ProcessId): boolean {
  return processStat(id.pid)?.startTime === id.startTime;
}

/**
 * Whether the process is ours to signal: it lives, is the very one recorded, belongs to the effective user and runs
 * this program in that role. A recorded pid alone proves nothing.
 */
export function isOurs(id: ProcessId, role: Role): boolean {
  return isAlive(id) && ownerUid(id.pid) === effectiveUid() && runsRole(id.pid, role);
}

/**
 * The living processes of ours in a role that have the lock file open, by the process table alone. They are found even
 * when the state folder, with everything that could name them, has been deleted; `deletedOnly` finds just those.
 */
export function findByLockFile(role: Role, lockFile: string, options: { deletedOnly?: boolean } = {}): ProcessId[] {
  const path = canonical(lockFile);
  const names = options.deletedOnly ? [path + DELETED] : [path, path + DELETED];
  return ownPids().flatMap((pid) => {
    if (pid === process.pid || !runsRole(pid, role) || !hasOpen(pid, names)) return [];
    const stat = processStat(pid);
    return stat ? [{ pid, startTime: stat.startTime }] : [];
  });
}

/** Whether a process has the lock file open, be it that the file was deleted since. */
export function holdsLockFile(pid: number, lockFile: string): boolean {
  const path = canonical(lockFile);
  return hasOpen(pid, [path, path + DELETED]);
}

/** The living tmux clients of a process: its children, or those of the guards that it put over them. */
export function tmuxChildren(parent: number): ProcessId[] {
  return ownPids().flatMap((pid) => {
    const stat = processStat(pid);
    const isClient = stat !== undefined && isTmux(pid) && ownersOf(stat).includes(parent);
    return isClient ? [stat] : [];
  });
}

/** A control client's parent, and that of its guard (see control-client.ts). */
function ownersOf({ ppid }: ProcessStat): number[] {
  return [ppid, processStat(ppid)?.ppid ?? 0];
}

/** The variable in a control client's environment that names the state folder of the program it belongs to. */
export const CLIENT_OF = "CLAUDE_TMUX_CLIENT_OF";

/** The living tmux clients of a state folder whose owner, a daemon or a command of ours, is no more. */
export function orphanedClients(stateDir: string): ProcessId[] {
  return ownPids().flatMap((pid) => {
    const stat = processStat(pid);
    if (!stat || !isTmux(pid) || ownersOf(stat).some(isOurProgram)) return [];
    return startEnvironment(pid).includes(`${CLIENT_OF}=${stateDir}`) ? [stat] : [];
  });
}

/** The environment that a process was started with (`NAME=value` each); empty when it is not ours to look at. */
export function startEnvironment(pid: number): string[] {
  return (readProc(pid, "environ") ?? "").split("\0");
}

/** Where in the kernel a process sleeps (/proc/PID/wchan, proc(5)); "" or "0" where the kernel does not say. */
export function waitChannel(pid: number): string {
  return readProc(pid, "wchan") ?? "";
}

/** Whether a living process is called as tmux is. */
export function isTmux(pid: number): boolean {
  return (
    processStat(pid) !== undefined &&
    nodePath()
      .basename(commandLine(pid)[0] ?? "")
      .startsWith("tmux")
  );
}

/** Whether any process of a process group lives. */
export function isGroupAlive(pgid: number): boolean {
  return ownPids().some((pid) => processStat(pid)?.pgrp === pgid);
}

/** Resident set in bytes (VmRSS of /proc/PID/status), or undefined when the process is gone. */
export function residentBytes(pid: number): number | undefined {
  const [, after] = (readProc(pid, "status") ?? "").split("VmRSS:", 2);
  return after === undefined ? undefined : Number.parseInt(after, 10) * 1024;
}

function runsRole(pid: number, role: Role): boolean {
  const args = commandLine(pid);
  // called by the family's name through a link (see familyOf in commands/table.ts), or with the family as a word
  const [called = ""] = nodePath()
    .basename(args[0] ?? "")
    .split(".");
  const isRole = args.includes(role) || called === `claude-tmux-${role}` || called === `claude-tmux-daemon-${role}`;
  return isRole && args.includes("run") && isOurProgram(pid);
}

function isOurProgram(pid: number): boolean {
  let exe = linkTarget(`/proc/${pid}/exe`) ?? "";
  if (exe.endsWith(DELETED)) exe = exe.slice(0, -DELETED.length); // replaced by a newer one, as an upgrade does
  return exe === process.execPath || nodePath().basename(exe).startsWith("claude-tmux");
}

function hasOpen(pid: number, names: string[]): boolean {
  try {
    return fs()
      .readdirSync(`/proc/${pid}/fd`)
      .some((fd) => names.includes(linkTarget(`/proc/${pid}/fd/${fd}`) ?? ""));
  } catch {
    return false; // it ended while we looked
  }
}

/** The path as the kernel tells it, without links on the way; also for a file whose folder is no more. */
function canonical(path: string): string {
  const folder = nodePath().dirname(path);
  try {
    return `${fs().realpathSync(folder)}/${nodePath().basename(path)}`;
  } catch {
    return folder === "/" || folder === "." ? path : `${canonical(folder)}/${nodePath().basename(path)}`;
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return fs().readlinkSync(path);
  } catch {
    return undefined;
  }
}

function ownPids(): number[] {
  const uid = effectiveUid();
  return fs()
    .readdirSync("/proc")
    .flatMap((name) => (/^\d+$/.test(name) && ownerUid(Number(name)) === uid ? [Number(name)] : []));
}

function ownerUid(pid: number): number | undefined {
  try {
    return fs().statSync(`/proc/${pid}`).uid;
  } catch {
    return undefined;
  }
}

/** The words that a process was started with; empty when it is gone. */
export function commandLine(pid: number): string[] {
  return (readProc(pid, "cmdline") ?? "").split("\0").slice(0, -1);
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return fs().readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
