import { config } from "../lib/config.ts";
import { errno } from "../lib/errors.ts";
import { exists, readText } from "../lib/files.ts";
import { baseName } from "../lib/names.ts";
import { effectiveUid } from "../lib/uid.ts";
import { canonical } from "./canonical.ts";
import { linkTarget, ProcTable } from "./proc-table.ts";
import type { ProcessId, ProcessStat, ProcessTable, Usage, Waits } from "./process-table.ts";
import { PsTable } from "./ps-table.ts";

/** Who a process is, and what state it is in: see process-table.ts. */
export type { ProcessId, ProcessStat, Usage, Waits } from "./process-table.ts";

/** The two background programs of this binary. */
export type Role = "daemon" | "watchdog";

let chosen: ProcessTable | undefined;

/** The process table of this system: /proc, or ps where there is none. */
export function processes(): ProcessTable {
  chosen ??= choose();
  return pinned ?? chosen;
}

let pinned: ProcessTable | undefined;
let moment: Moment | undefined;

/** Processes as they are in one moment. Not to be kept. */
export interface Moment {
  table: ProcessTable;
}

/** This moment. */
export function momentOf(): Moment {
  return { table: processes().now() };
}

/**
 * Asks whatever it asks of all processes as they are in one moment: where each question is a process (ps), many are one.
 * It must not wait.
 * @param at a moment that was just now; else that of the call
 */
export function atOnce<T>(ask: () => T, at?: Moment): T {
  const before = { pinned, moment };
  moment ??= at ?? momentOf();
  pinned ??= moment.table;
  try {
    return ask();
  } finally {
    ({ pinned, moment } = before);
  }
}

/** Stands for the moment of atOnce(), within it: what was found out of all processes need not be once more. */
export function thisMoment(): Moment | undefined {
  return moment;
}

/**
 * Which processes are told of, and in what unit: start times of another table are not to be compared with these, nor pids of
 * another pid namespace (pid_namespaces(7)).
 */
export function tableId(): string {
  if (!isTableQuick()) return "ps";
  const [number = ""] = /\d+/.exec(linkTarget("/proc/self/ns/pid") ?? "") ?? [];
  return `proc${number}`;
}

/** Whether the very process has ended, for certain: that nothing is told of it may have other reasons. */
export function hasEnded(id: ProcessId): boolean {
  const stat = processes().stat(id.pid);
  if (stat) return stat.startTime !== id.startTime || stat.state === "Z" || stat.state === "X";
  try {
    process.kill(id.pid, 0);
    return false;
  } catch (cause) {
    return errno(cause) === "ESRCH";
  }
}

/** Whether there is a process of that pid, whoever owns it, be it a zombie: what costs least to ask. */
export function isPidTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return errno(thrown) === "EPERM";
  }
}

function choose(): ProcessTable {
  const { processTable } = config;
  if (processTable === "ps" || !exists("/proc/self/stat")) return new PsTable();
  return new ProcTable(processTable === "hardened");
}

/** The state of a living process; undefined when there is none or it is a zombie that waits for its parent. */
export function processStat(pid: number): ProcessStat | undefined {
  return living(processes(), pid);
}

function living(table: ProcessTable, pid: number): ProcessStat | undefined {
  const stat = table.stat(pid);
  return stat === undefined || stat.state === "Z" || stat.state === "X" ? undefined : stat;
}

/** How long a process has lived, seconds; 0 when that can't be known. */
export function ageS(pid: number): number {
  const startTime = processStat(pid)?.startTime;
  return startTime === undefined ? 0 : (processes().ageS(startTime) ?? 0);
}

/** The identity of this process. */
export function ownIdentity(): ProcessId {
  return { pid: process.pid, startTime: processStat(process.pid)?.startTime ?? 0 };
}

/** This process in a word, as isOwnerAlive() takes it. */
export function ownerName(): string {
  const { pid, startTime } = ownIdentity();
  return `${pid}:${startTime}`;
}

/** Whether the process that ownerName() named still lives. */
export function isOwnerAlive(owner: string): boolean {
  const [pid = 0, startTime = 0] = owner.split(":").map(Number);
  return isAlive({ pid, startTime });
}

/** Whether the very process still lives: same pid, same start time. */
export function isAlive(id: ProcessId): boolean {
  return processStat(id.pid)?.startTime === id.startTime;
}

/** Whether both are the very same process; of none, nothing is the same. */
export function isSameProcess(one: ProcessId | undefined, other: ProcessId | undefined): boolean {
  return one !== undefined && one.pid === other?.pid && one.startTime === other.startTime;
}

/** Whether the very process is stopped, as by SIGSTOP: it lives, and does nothing until it is continued. */
export function isStopped(id: ProcessId): boolean {
  const stat = processStat(id.pid);
  return stat?.startTime === id.startTime && stat.state === "T";
}

const ENDING = 0x4103n; // bits 1, 2, 9 and 15, less one: a literal, since BigInts take 0.1 ms to be made of numbers

/**
 * Whether a signal that is to end it was sent to a process, which has not taken it yet (proc_pid_status(5)); false where
 * the system does not say.
 */
export function isToldToEnd(pid: number): boolean {
  const status = readText(`/proc/${pid}/status`) ?? "";
  const masks = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].map(([, mask]) => BigInt(`0x${mask}`));
  return masks.some((mask) => (mask & ENDING) !== 0n);
}

/** Whether a question about a process costs little, as with /proc; ps(1) is a process for each. */
export function isTableQuick(): boolean {
  return processes() instanceof ProcTable;
}

/**
 * Whether the process is ours to signal: it lives, is the very one recorded, belongs to the effective user and runs
 * this program in that role. A recorded pid alone proves nothing.
 */
export function isOurs(id: ProcessId, role: Role): boolean {
  const table = processes().now(id.pid);
  const isIt = living(table, id.pid)?.startTime === id.startTime;
  return isIt && table.ownerUid(id.pid) === effectiveUid() && runsRole(table, id.pid, role);
}

/**
 * The living processes of ours in a role that have the lock file open, by the process table alone. They are found even
 * when the state folder, with everything that could name them, has been deleted; `deletedOnly` finds just those.
 */
export function findByLockFile(role: Role, lockFile: string, options: { deletedOnly?: boolean } = {}): ProcessId[] {
  const { deletedOnly = false } = options;
  const path = canonical(lockFile);
  const table = processes().now();
  return table.ownPids().flatMap((pid) => {
    if (pid === process.pid || !runsRole(table, pid, role) || !table.hasOpen(pid, path, { deletedOnly })) return [];
    const stat = living(table, pid);
    return stat ? [{ pid, startTime: stat.startTime }] : [];
  });
}

/**
 * Whether a process has the lock file open, be it that the file was deleted since. Quick if `fd` is where it does, and
 * no link leads to the file.
 */
export function holdsLockFile(pid: number, lockFile: string, fd?: number): boolean {
  if (fd !== undefined && processes().openFile(pid, fd) === lockFile) return true;
  return processes().hasOpen(pid, canonical(lockFile), { deletedOnly: false });
}

/**
 * Which of these files (paths without links in them) any living process of the effective user has open, or is about to: it
 * has the path in its command line.
 */
export function filesInUse(paths: readonly string[]): string[] {
  const table = processes().now();
  const files = paths.map((path) => ({ path, file: canonical(path) }));
  const pids = table.ownPids().filter((pid) => living(table, pid) && pid !== process.pid);
  return files.flatMap(({ path, file }) =>
    pids.some((pid) => table.hasOpen(pid, file, { deletedOnly: false }) || names(table, pid, path)) ? [path] : [],
  );
}

function names(table: ProcessTable, pid: number, path: string): boolean {
  return table.commandLine(pid).some((word) => word.includes(path));
}

/** The living tmux clients of a process: its children, or those of the guards that it put over them. */
export function tmuxChildren(parent: number): ProcessId[] {
  const table = processes().now();
  return table.ownPids().flatMap((pid) => {
    const stat = living(table, pid);
    const isClient = stat !== undefined && isCalledTmux(table, pid) && ownersOf(table, stat).includes(parent);
    return isClient ? [stat] : [];
  });
}

/** A control client's parent, and that of its guard (see control-client.ts). */
function ownersOf(table: ProcessTable, { ppid }: ProcessStat): number[] {
  return [ppid, living(table, ppid)?.ppid ?? 0];
}

/** The variable in a control client's environment that names the state folder of the program it belongs to. */
export const CLIENT_OF = "CLAUDE_TMUX_CLIENT_OF";

/** The living tmux clients of a state folder whose owner, a daemon or a command of ours, is no more. */
export function orphanedClients(stateDir: string): ProcessId[] {
  const table = processes().now();
  return table.ownPids().flatMap((pid) => {
    const stat = living(table, pid);
    if (!stat || !isCalledTmux(table, pid)) return [];
    if (ownersOf(table, stat).some((owner) => isOurProgram(table, owner))) return [];
    return table.startEnvironment(pid).includes(`${CLIENT_OF}=${stateDir}`) ? [stat] : [];
  });
}

/** The living processes of ours that were started with a variable of that value (`NAME=value`). */
export function startedWith(variable: string): number[] {
  const table = processes().now();
  return table.ownPids().filter((pid) => living(table, pid) && table.startEnvironment(pid).includes(variable));
}

/** The environment that a process was started with (`NAME=value` each); empty when it is not ours to look at. */
export function startEnvironment(pid: number): string[] {
  return processes().startEnvironment(pid);
}

/** The path of a process's terminal; undefined also where that can't be told. */
export function terminalOf(pid: number): string | undefined {
  return processes().terminal(pid);
}

/** Where in the kernel a process sleeps; "", "0" or "-" where the kernel does not say. */
export function waitChannel(pid: number): string {
  return processes().waitChannel(pid);
}

/** How many bytes at most a process waits to read from its standard input; undefined where the system does not say. */
export function readSize(pid: number): number | undefined {
  return processes().readSize(pid);
}

/** The program that a process runs: its path, or where that can't be known its name. */
export function programOf(pid: number): string | undefined {
  return processes().executable(pid);
}

/** The paths of all that a process has open; empty also where that can't be told. */
export function openFiles(pid: number): string[] {
  return processes().openFiles(pid);
}

/** Whether a living process is called as tmux is. */
export function isTmux(pid: number): boolean {
  const table = processes().now(pid);
  return living(table, pid) !== undefined && isCalledTmux(table, pid);
}

function isCalledTmux(table: ProcessTable, pid: number): boolean {
  const [program = ""] = table.commandLine(pid);
  return baseName(program).startsWith("tmux");
}

/** Whether any thread of a process waits for a terminal, by its path, to have something to read. */
export function waitsForTerminal(pid: number, tty: string): Waits {
  return processes().waitsForTerminal(pid, tty);
}

/** Whether any thread of a process sleeps in a read of a terminal, by its path; false also where the system does not say. */
export function readsTerminal(pid: number, tty: string): boolean {
  return processes().readsTerminal(pid, tty);
}

/** Whether a process is the effective user's. */
export function isOwn(pid: number): boolean {
  return processes().ownerUid(pid) === effectiveUid();
}

/** Whether any process of a process group lives. */
export function isGroupAlive(pgid: number): boolean {
  const table = processes().now();
  return table.ownPids().some((pid) => living(table, pid)?.pgrp === pgid);
}

/** Resident set in bytes, or undefined when the process is gone. */
export function residentBytes(pid: number): number | undefined {
  return processes().residentBytes(pid);
}

/** What a process has used of the machine; undefined when it is gone. */
export function usageOf(pid: number): Usage | undefined {
  return processes().usage(pid);
}

/** The words that a process was started with; empty when it is gone. */
export function commandLine(pid: number): string[] {
  return processes().commandLine(pid);
}

/** The state folders, also those that were deleted, of all daemons and watchdogs of this user that run. */
export function servedFolders(): string[] {
  const table = processes().now();
  const roles = table.ownPids().filter((pid) => isRole(pid) && living(table, pid));
  const locks = roles.flatMap((pid) =>
    table.openFiles(pid).flatMap((file) => /^(.+)\/(?:daemon|watchdog)\.lock(?: \(deleted\))?$/.exec(file)?.[1] ?? []),
  );
  return [...new Set(locks)];
}

/** Whether a process is a daemon or a watchdog of ours, of any state folder. */
export function isRole(pid: number): boolean {
  const table = processes().now(pid);
  return runsRole(table, pid, "daemon") || runsRole(table, pid, "watchdog");
}

function runsRole(table: ProcessTable, pid: number, role: Role): boolean {
  const args = table.commandLine(pid);
  // called by the family's name through a link (see familyOf in commands/table.ts), or with the family as a word
  const [called = ""] = baseName(args[0] ?? "").split(".");
  const isRole = args.includes(role) || called === `claude-tmux-${role}` || called === `claude-tmux-daemon-${role}`;
  return isRole && args.includes("run") && isOurProgram(table, pid);
}

function isOurProgram(table: ProcessTable, pid: number): boolean {
  const exe = table.executable(pid) ?? "";
  return exe === process.execPath || baseName(exe).startsWith("claude-tmux");
}
