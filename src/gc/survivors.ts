import { OWNER_VARIABLE } from "../lib/settings.ts";
import type { PaneMember } from "../panes/kill.ts";
import { describeMembers } from "../panes/member.ts";
import { isOwn, type ProcessStat, startEnvironment } from "../process/identity.ts";
import { isKept } from "../process/tree.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ServerLook } from "./sessions.ts";

/** A process of a pane that has gone, which lives on. */
export interface Survivor extends PaneMember {
  /** whether its session was made with a time to live, or an owner */
  isToEnd: boolean;
}

/** What of panes that we made, and that have gone, lives on: known by what they were given, and nothing else was. */
export function survivorsOfGone(server: TmuxServer, { panes, processes }: Omit<ServerLook, "sessions">): Survivor[] {
  const living = new Set(panes.map((pane) => `${pane.server} ${pane.id}`));
  const leaders = new Set(panes.filter(({ isDead }) => !isDead).map(({ pid }) => pid));
  const byPid = new Map(processes.map((stat) => [stat.pid, stat]));
  return processes.flatMap((stat) => {
    if (stat.pid === process.pid || !isOwn(stat.pid)) return [];
    const owner = readOwner(startEnvironment(stat.pid), server.socket);
    if (owner === undefined || living.has(`${owner.server} ${owner.pane}`)) return [];
    if (isBelow(byPid, stat, leaders) || isKept(byPid, stat, leaders)) return [];
    const serverPid = Number.parseInt(owner.server, 10);
    const [member] = describeMembers([stat]);
    const pane = { id: owner.pane, pid: 0, serverPid, serverStart: 0, isDead: true };
    return member ? [{ pane, stat, member, isToEnd: owner.ends && !hasTerminal(stat) }] : [];
  });
}

/** A program with a terminal is in somebody's hands: that of its pane has gone with it. */
export function hasTerminal({ tpgid }: ProcessStat): boolean {
  return tpgid > 0;
}

/** To which pane a program was given, by its environment; undefined where that does not say, or is another server's. Pure. */
export function readOwner(
  environment: readonly string[],
  socket: string,
): { server: string; pane: string; ends: boolean } | undefined {
  const value = (name: string) => environment.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const [pid = "", start = "", , ends, pane = "", ...more] = value(OWNER_VARIABLE).split(":");
  if (!/^\d+$/.test(pid) || !/^\d+$/.test(start) || !/^%\d+$/.test(pane) || more.length > 0) return undefined;
  // another server that was started in the pane gives its panes the same variable, and its own name
  if (value("TMUX_PANE") !== pane || !value("TMUX").startsWith(`${socket},${pid},`)) return undefined;
  return { server: `${pid}:${start}`, pane, ends: ends === "1" };
}

function isBelow(byPid: ReadonlyMap<number, ProcessStat>, stat: ProcessStat, leaders: ReadonlySet<number>): boolean {
  const seen = new Set<number>();
  for (let one: ProcessStat | undefined = stat; one && !seen.has(one.pid); one = byPid.get(one.ppid)) {
    if (leaders.has(one.pid)) return true;
    seen.add(one.pid);
  }
  return false;
}
