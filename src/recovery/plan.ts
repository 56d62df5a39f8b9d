import type { Check, Health } from "../health/checks.ts";

/** What `ensure` and `recover` find. */
export interface DaemonCondition {
  verdict: Health;
  checks: readonly Check[];
  /** pids, of processes whose identity was verified */
  daemon: number | undefined;
  watchdog: number | undefined;
}

/**
 * What `ensure` does: leave a daemon that works alone, start one that is not there, wait for a watchdog that is about to
 * start one, recover an unhealthy one.
 */
export type EnsureAction = "nothing" | "start" | "wait" | "recover";

/** What is to be done so that a daemon works. Pure. */
export function ensureAction({ verdict, daemon, watchdog }: DaemonCondition): EnsureAction {
  if (verdict !== "unhealthy") return "nothing";
  if (daemon !== undefined) return "recover";
  return watchdog === undefined ? "start" : "wait";
}

/** Whether a recovery goes on after its first step. Pure. */
export function needsRecovery({ verdict }: DaemonCondition, force: boolean): boolean {
  return force || verdict !== "healthy";
}

/** How many events a daemon that works holds because they can't be written down: with it, they would be lost. Pure. */
export function unwrittenOf({ verdict, checks }: DaemonCondition): number {
  const value = checks.find(({ name }) => name === "unwritten")?.value ?? 0;
  return verdict === "unhealthy" ? 0 : value;
}

/** The finding in words: "unhealthy (process, heartbeat)". Pure. */
export function describeFinding({ verdict, checks, daemon, watchdog }: DaemonCondition): string {
  const failed = checks.filter((check) => check.verdict !== "healthy").map(({ name }) => name);
  const who = [
    daemon === undefined ? "no daemon" : `daemon PID ${daemon}`,
    watchdog === undefined ? "no watchdog" : `watchdog PID ${watchdog}`,
  ];
  return `${verdict}${failed.length === 0 ? "" : ` (${failed.join(", ")})`}; ${who.join(", ")}`;
}

/** Whether the daemon has written a heartbeat, and lately: with that it can be judged. Pure. */
export function hasHeartbeat({ checks }: DaemonCondition): boolean {
  return checks.some(({ name, verdict }) => name === "heartbeat" && verdict === "healthy");
}

/** Whether the log is rotated: the errors in it would keep the daemon degraded after its recovery. Pure. */
export function isLogToBeRotated({ checks }: DaemonCondition): boolean {
  return checks.some(({ name, verdict }) => name === "errors" && verdict !== "healthy");
}
