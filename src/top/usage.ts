import { atOnce, type ProcessStat, processStat, usageOf } from "../process/identity.ts";
import { childrenOf, knownProcesses, livingProcesses } from "../process/tree.ts";

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
    const children = childrenByScan(knownProcesses()) ?? childrenOf;
    const trees = walk(pids, children) ?? walk(pids, childrenByScan(livingProcesses()) ?? childrenOf);
    return trees ?? new Map();
  });
}

/** Who started a process tells which ones it has started; undefined where that is not told. */
type Children = (pid: number) => readonly number[] | undefined;

function childrenByScan(all: readonly ProcessStat[] | undefined): Children | undefined {
  if (!all) return undefined;
  const children = Map.groupBy(all, ({ ppid }) => ppid);
  return (pid) => (children.get(pid) ?? []).map((child) => child.pid);
}

/** undefined where it is not told of one that lives what it has started. */
function walk(pids: readonly number[], children: Children): Map<number, Tree> | undefined {
  const trees = new Map<number, Tree>();
  for (const pid of pids) {
    const tree = treeOf(pid, children);
    if (!tree) return undefined;
    trees.set(pid, tree);
  }
  return trees;
}

function treeOf(pid: number, children: Children): Tree | undefined {
  const cpuMs = new Map<string, number | undefined>();
  let bytes: number | undefined;
  const left = [pid];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const stat = processStat(one);
    const key = `${one}:${stat?.startTime}`;
    if (!stat || cpuMs.has(key)) continue;
    const usage = usageOf(one);
    cpuMs.set(key, usage?.cpuMs);
    if (usage) bytes = (bytes ?? 0) + usage.residentBytes;
    const below = children(one);
    if (!below && processStat(one)) return undefined;
    left.push(...(below ?? []));
  }
  const leader = processStat(processStat(pid)?.tpgid ?? 0)?.pid;
  return { leader, cpuMs, bytes };
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
