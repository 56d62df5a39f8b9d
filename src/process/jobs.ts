import { type ProcessStat, processes } from "./identity.ts";

/**
 * The living processes of a shell's jobs, be they in the background or stopped: those on its terminal that are at most so
 * many seconds old. With job control each job has a process group of its own; what is in the shell's own group are
 * helpers of the shell. What has left the terminal (setsid(1)) is no job.
 */
export function jobsOf(shell: number, maxAgeS: number): number[] {
  const table = processes().now();
  const { tpgid: terminal = -1, pgrp } = table.stat(shell) ?? {};
  if (terminal <= 0) return [];
  return table.pids().filter((pid) => {
    const stat = table.stat(pid);
    // a process group is in the foreground of one terminal only
    if (stat?.tpgid !== terminal || stat.pgrp === pgrp || stat.state === "Z" || stat.state === "X") return false;
    return (table.ageS(stat.startTime) ?? 0) <= maxAgeS;
  });
}

/** As jobsOf(), whatever their age, among processes that were all looked at in one moment. Pure. */
export function jobsAmong(all: readonly ProcessStat[], shell: number): ProcessStat[] {
  const { tpgid: terminal = -1, pgrp } = all.find(({ pid }) => pid === shell) ?? {};
  return terminal <= 0 ? [] : all.filter((stat) => stat.tpgid === terminal && stat.pgrp !== pgrp);
}
