import { atOnce, type ProcessStat, usageOf } from "../process/identity.ts";
import { livingProcesses } from "../process/tree.ts";

/** The processes of a pane at one moment: its program, and all that is below it. */
export interface Tree {
  /** the leader of the group that has its terminal, if that lives */
  leader: number | undefined;
  /** what each of them has used of CPUs, ms, by its pid and start; undefined where that is not told */
  cpuMs: ReadonlyMap<string, number | undefined>;
  /** their resident sets, bytes: what two of them share is counted twice; undefined where it is not told */
  bytes: number | undefined;
}

/** The trees of programs, by their pids, at one moment. */
export function readTrees(pids: readonly number[]): Map<number, Tree> {
  return atOnce(() => {
    const all = livingProcesses();
    const byPid = new Map(all.map((stat) => [stat.pid, stat]));
    const children = Map.groupBy(all, ({ ppid }) => ppid);
    return new Map(pids.map((pid) => [pid, treeOf(pid, byPid, children)]));
  });
}

function treeOf(pid: number, byPid: ReadonlyMap<number, ProcessStat>, children: Map<number, ProcessStat[]>): Tree {
  const cpuMs = new Map<string, number | undefined>();
  let bytes: number | undefined;
  const own = byPid.get(pid);
  const left = own ? [own] : [];
  for (let one = left.pop(); one; one = left.pop()) {
    const key = `${one.pid}:${one.startTime}`;
    if (cpuMs.has(key)) continue;
    const usage = usageOf(one.pid);
    cpuMs.set(key, usage?.cpuMs);
    if (usage) bytes = (bytes ?? 0) + usage.residentBytes;
    left.push(...(children.get(one.pid) ?? []));
  }
  return { leader: byPid.get(own?.tpgid ?? 0)?.pid, cpuMs, bytes };
}

/**
 * What a tree has used of one CPU between two moments, percent; undefined where that is not known. What a process has used
 * that has ended meanwhile is not known to anybody. Pure.
 */
export function cpuBetween(before: Tree | undefined, now: Tree, ms: number): number | undefined {
  if (!before || ms <= 0) return undefined;
  let used = 0;
  for (const [key, cpuMs] of now.cpuMs) {
    if (cpuMs === undefined) return undefined;
    used += Math.max(0, cpuMs - (before.cpuMs.get(key) ?? 0));
  }
  return (used / ms) * 100;
}
