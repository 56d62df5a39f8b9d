import { readText } from "../lib/files.ts";
import { baseName } from "../lib/names.ts";
import { quickEntries, quickReadKernel } from "../lib/quick.ts";
import {
  atOnce,
  commandLine,
  isRole,
  type ProcessStat,
  processes,
  processStat,
  startEnvironment,
  thisMoment,
} from "./identity.ts";

// Who belongs to whom, by what the system says of all processes in one moment.

const known = new WeakMap<object, readonly ProcessStat[]>();

/** The living processes, as the system tells of them now, or in this moment (see atOnce()). */
export function livingProcesses(): readonly ProcessStat[] {
  const moment = thisMoment();
  const all = (moment && known.get(moment)) ?? findLiving();
  if (moment) known.set(moment, all);
  return all;
}

/** The same, where they have been read in this moment already. */
export function knownProcesses(): readonly ProcessStat[] | undefined {
  const moment = thisMoment();
  return moment && known.get(moment);
}

/** The children of all threads of a process, by the few files that tell of them (see mayHaveChildren()); undefined where the kernel has none. */
export function childrenOf(pid: number): number[] | undefined {
  const threads = quickEntries(`/proc/${pid}/task`);
  const children: number[] = [];
  for (const thread of threads ?? []) {
    const text = quickReadKernel(`/proc/${pid}/task/${thread}/children`);
    if (text === undefined) return undefined;
    for (const child of text.split(" ")) if (child !== "") children.push(Number(child));
  }
  return threads && children;
}

function findLiving(): ProcessStat[] {
  const table = processes().now();
  const all: ProcessStat[] = [];
  for (const pid of table.pids()) {
    const stat = table.stat(pid);
    if (stat && stat.state !== "Z" && stat.state !== "X") all.push(stat);
  }
  return all;
}

/**
 * What processes have started, and what that has, and so on; they themselves are not among it. Nothing is followed below
 * one for which `isEnd` is true, and such a one is none of them. Pure, but for `isEnd`.
 */
export function descendantsOf(
  all: readonly ProcessStat[],
  pids: readonly number[],
  isEnd: (stat: ProcessStat) => boolean,
): ProcessStat[] {
  const seen = new Set(pids);
  const found: ProcessStat[] = [];
  for (let parents = new Set(pids); parents.size > 0; ) {
    const children = all.filter(({ pid, ppid }) => parents.has(ppid) && !seen.has(pid));
    for (const { pid } of children) seen.add(pid);
    const followed = children.filter((stat) => !isEnd(stat));
    found.push(...followed);
    parents = new Set(followed.map(({ pid }) => pid));
  }
  return found;
}

/** A process, and those that have started it. */
export function ancestorsOf(pid: number): Set<number> {
  const found = new Set<number>();
  for (let one: number | undefined = pid; one && !found.has(one); one = processStat(one)?.ppid) found.add(one);
  return found;
}

/**
 * The job that a shell runs in the foreground of its terminal: each of its children that has the terminal, or below which
 * something has, with all that is below it. Empty when the shell has the terminal itself. Jobs that are stopped or in
 * the background are none of it. Pure, but for `isEnd` (see descendantsOf).
 */
export function foregroundJob(
  all: readonly ProcessStat[],
  shell: number,
  isEnd: (stat: ProcessStat) => boolean,
): ProcessStat[] {
  const own = all.find(({ pid }) => pid === shell);
  if (!own || own.tpgid <= 0 || own.tpgid === own.pgrp) return [];
  const children = all.filter(({ ppid }) => ppid === shell);
  return children.flatMap((child) => {
    const family = [child, ...descendantsOf(all, [child.pid], isEnd)];
    return family.some(({ pgrp }) => pgrp === own.tpgid) ? family : [];
  });
}

/**
 * What a program has started in its own group, the first ones first: a shell that was given a command has no jobs, and what it runs is
 * with it in the foreground. Pure, but for `isEnd` (see descendantsOf).
 */
export function groupBelow(
  all: readonly ProcessStat[],
  program: ProcessStat,
  isEnd: (stat: ProcessStat) => boolean,
): ProcessStat[] {
  return descendantsOf(all, [program.pid], isEnd).filter(({ pgrp }) => pgrp === program.pgrp);
}

/**
 * The living processes of a process group, its leader first, and then those that they have started in a session of their
 * own: they can read the terminal as well, if they have it open.
 */
export function* groupOf(pgid: number): Generator<number> {
  const leader = processStat(pgid);
  if (leader?.pgrp === pgid) yield pgid;
  const all = livingProcesses();
  const group = all.filter(({ pgrp }) => pgrp === pgid);
  for (const { pid } of group) if (pid !== pgid) yield pid;
  const sessions = group.map(({ session }) => session);
  let parents = group.map(({ pid }) => pid);
  for (const seen = new Set(parents); parents.length > 0; ) {
    const children = all.filter(({ pid, ppid }) => parents.includes(ppid) && !seen.has(pid));
    for (const { pid, session } of children) {
      seen.add(pid);
      if (!sessions.includes(session)) yield pid;
    }
    parents = children.map(({ pid }) => pid);
  }
}

/** Whether a process has children, by a single file where the kernel has it (proc(5), /proc/pid/task/tid/children). */
export function mayHaveChildren(pid: number): boolean {
  return readText(`/proc/${pid}/task/${pid}/children`) !== "";
}

/** A pane, as processes know it. */
export interface PaneOfProcesses {
  /** of its program, which leads a session */
  pid: number;
  /** `%5` */
  id: string;
  /** of its tmux server, and when that was started (as ProcessStat has it): nothing of the pane is older */
  serverPid: number;
  serverStart: number;
  /** whether its program has ended */
  isDead: boolean;
}

/**
 * The processes of panes beside their programs: those of a pane's session, those that it has started, in whatever session, and
 * those whose environment says that they were started in it, although their parents have ended. What keeps terminals for
 * others (a tmux server, say), and what runs in them, is none of it, nor are our own daemon and watchdog.
 * @returns by the id of the pane
 */
export function processesOf<P extends PaneOfProcesses>(
  all: readonly ProcessStat[],
  panes: readonly P[],
): Map<string, ProcessStat[]> {
  return atOnce(() => processesAmong(all, panes));
}

function processesAmong<P extends PaneOfProcesses>(
  all: readonly ProcessStat[],
  panes: readonly P[],
): Map<string, ProcessStat[]> {
  const byPid = new Map(all.map((stat) => [stat.pid, stat]));
  // the pid of a program that has ended may be another's by now
  const living = panes.filter(({ pid, isDead }) => !isDead && byPid.has(pid));
  const began = new Map(living.map(({ id, pid }) => [id, byPid.get(pid)?.startTime ?? 0]));
  const starts = new Map(panes.map(({ id, serverStart }) => [id, began.get(id) ?? serverStart]));
  const first = Math.min(...starts.values());
  const leaders = new Map(living.map(({ id, pid }) => [pid, id]));
  const seeds = new Map<string, ProcessStat[]>(panes.map(({ id }) => [id, []]));
  for (const stat of all) {
    // of what is older than all of the panes, the environment need not be read, which takes longest
    if (stat.startTime < first || leaders.has(stat.pid) || stat.pid === process.pid) continue;
    const id = leaders.get(stat.session ?? 0) ?? startedIn(stat.pid, panes);
    if (id === undefined || stat.startTime < (starts.get(id) ?? 0)) continue;
    if (!isKept(byPid, stat, leaders)) seeds.get(id)?.push(stat);
  }
  return new Map(
    panes.map((pane) => {
      const own = seeds.get(pane.id) ?? [];
      const roots = living.includes(pane) ? [pane.pid] : [];
      const family = descendantsOf(all, [...roots, ...own.map(({ pid }) => pid)], ({ pid }) => isBorder(pid));
      return [pane.id, [...own, ...family].filter(({ pid }) => pid !== process.pid)];
    }),
  );
}

/**
 * Whether a process is a border, or runs below one that comes before the program of a pane.
 * @param leaders the programs of panes
 */
export function isKept(
  byPid: ReadonlyMap<number, ProcessStat>,
  stat: ProcessStat,
  leaders: { has(pid: number): boolean },
): boolean {
  const seen = new Set<number>();
  for (let one: ProcessStat | undefined = stat; one && !seen.has(one.pid); one = byPid.get(one.ppid)) {
    if (leaders.has(one.pid)) return false;
    if (isBorder(one.pid)) return true;
    seen.add(one.pid);
  }
  return false;
}

/** tmux tells each program that it starts where it runs: TMUX is its socket, the pid of its server and the session's number. */
function startedIn(pid: number, panes: readonly PaneOfProcesses[]): string | undefined {
  let id: string | undefined;
  let server: string | undefined;
  for (const pair of startEnvironment(pid)) {
    if (pair.startsWith("TMUX_PANE=")) id = pair.slice("TMUX_PANE=".length);
    else if (pair.startsWith("TMUX=")) server = pair.split(",").at(-2);
  }
  return panes.find((pane) => pane.id === id && `${pane.serverPid}` === server)?.id;
}

/** Programs beside tmux that keep terminals in which others' programs run. */
const KEEPERS = "screen SCREEN zellij dtach abduco mosh-server".split(" ");

/** Whether a process is where what belongs to a pane ends: it keeps terminals of its own, or is a daemon of ours. */
export function isBorder(pid: number): boolean {
  const [called = ""] = commandLine(pid);
  const program = baseName(called.split(" ")[0] ?? "");
  const isKeeper = program.startsWith("tmux") || KEEPERS.includes(program);
  // a client has a terminal, and is no more than any program in it
  return (isKeeper && !hasTerminal(pid)) || isRole(pid);
}

function hasTerminal(pid: number): boolean {
  const stat = processes().stat(pid);
  return stat !== undefined && stat.tpgid > 0;
}

/** Programs that one user has once, for whatever runs on the machine: they serve others than who has started them. */
const SHARED =
  "ssh-agent gpg-agent dirmngr keyboxd scdaemon dbus-daemon dbus-broker gnome-keyring-daemon gnome-keyring-d pulseaudio pipewire systemd adb sshd dockerd containerd ibus-daemon watchman Xorg Xwayland".split(
    " ",
  );

/** Whether a process serves all that its user runs, and not only who has started it; a connection that ssh shares does. */
export function isShared(pid: number): boolean {
  const [called = "", ...args] = commandLine(pid);
  if (baseName(called).startsWith("emacs") && args.some((arg) => /^--(fg-|bg-)?daemon/.test(arg))) return true;
  return SHARED.includes(baseName(called)) || (called.startsWith("ssh: ") && called.includes("[mux]"));
}
