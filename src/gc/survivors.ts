import { OWNER_VARIABLE } from "../lib/settings.ts";
import type { PaneMember } from "../panes/kill.ts";
import { describeMembers } from "../panes/member.ts";
import { atOnce, isOwn, isTmux, type ProcessStat, processStat, startEnvironment } from "../process/identity.ts";
import { descendantsOf, isKept, isShared } from "../process/tree.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { sessionKey } from "./ended.ts";
import type { ServerLook } from "./sessions.ts";

/** A process of a pane that has gone, which lives on. */
export interface Survivor extends PaneMember {
  /** its session (see sessionKey()) */
  session: string;
  isToEnd: boolean;
}

/** Nothing is known of when its server was started: by its pid alone, no other process is taken for one of its pane. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** What of panes that we made, and that have gone, lives on: known by what they were given, and nothing else was. Those of collected sessions (see ended.ts) are to end. */
export function survivorsOfGone(
  server: TmuxServer,
  look: Omit<ServerLook, "sessions">,
  ended: ReadonlySet<string>,
): Survivor[] {
  return atOnce(() => findSurvivors(server, look, ended));
}

function findSurvivors(
  server: TmuxServer,
  { panes, processes }: Omit<ServerLook, "sessions">,
  ended: ReadonlySet<string>,
): Survivor[] {
  const current = panes[0]?.server;
  const living = new Set(panes.map((pane) => `${pane.server} ${pane.id}`));
  const leaders = new Set(panes.filter(({ isDead }) => !isDead).map(({ pid }) => pid));
  const byPid = new Map(processes.map((stat) => [stat.pid, stat]));
  return processes.flatMap((stat) => {
    if (stat.pid === process.pid || !isOwn(stat.pid)) return [];
    const owner = readOwner(startEnvironment(stat.pid), server.socket);
    if (owner === undefined || living.has(`${owner.server} ${owner.pane}`)) return [];
    const serverPid = Number.parseInt(owner.server, 10);
    // another server than the one that was asked, or one whose socket is gone: its panes may be there still
    if (owner.server !== current && isTmux(serverPid)) return [];
    if (isBelow(byPid, stat, leaders) || isKept(byPid, stat, leaders)) return [];
    const [member] = describeMembers([stat]);
    const pane = { id: owner.pane, pid: 0, serverPid, serverStart: NEVER, isDead: true };
    const session = sessionKey(owner.server, owner.session);
    const isToEnd = owner.ends && ended.has(session) && mayEnd(stat, processes);
    return member ? [{ pane, stat, member, session, isToEnd }] : [];
  });
}

/**
 * Whether a process that lives on may be ended: one with a terminal is in somebody's hands, since that of its pane has gone
 * with it, and so is one that keeps a terminal for what it has started, or serves others.
 */
export function mayEnd(stat: ProcessStat, processes: readonly ProcessStat[]): boolean {
  if (hasTerminal(stat) || isShared(stat.pid)) return false;
  const children = descendantsOf(processes, [stat.pid], () => false);
  return !children.some((child) => child.tpgid !== stat.tpgid && hasTerminal(processStat(child.pid)));
}

function hasTerminal(stat: ProcessStat | undefined): boolean {
  return stat !== undefined && stat.tpgid > 0;
}

/** To which pane a program was given, by its environment; undefined where that does not say, or is another server's. Pure. */
export function readOwner(
  environment: readonly string[],
  socket: string,
): { server: string; session: string; pane: string; ends: boolean } | undefined {
  const value = (name: string) => environment.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const [pid = "", start = "", session = "", ends, pane = "", ...more] = value(OWNER_VARIABLE).split(":");
  if (!/^\d+$/.test(pid) || !/^\d+$/.test(start) || !/^%\d+$/.test(pane) || more.length > 0) return undefined;
  // another server that was started in the pane gives its panes the same variable, and its own name
  if (value("TMUX_PANE") !== pane || !value("TMUX").startsWith(`${socket},${pid},`)) return undefined;
  return { server: `${pid}:${start}`, session, pane, ends: ends === "1" };
}

function isBelow(byPid: ReadonlyMap<number, ProcessStat>, stat: ProcessStat, leaders: ReadonlySet<number>): boolean {
  const seen = new Set<number>();
  for (let one: ProcessStat | undefined = stat; one && !seen.has(one.pid); one = byPid.get(one.ppid)) {
    if (leaders.has(one.pid)) return true;
    seen.add(one.pid);
  }
  return false;
}
