/** When to restart, and when to stop trying. */
export interface RestartPolicy {
  /** the wait before the first restart; each further one waits twice as long */
  baseMs: number;
  /** restarts within the window before giving up */
  limit: number;
  windowMs: number;
}

/** What to do about a crash. */
export type Decision =
  | { action: "restart"; attempt: number; delayMs: number }
  | { action: "give-up"; restarts: number };

/**
 * What to do about a crash at `now`, after restarts at the times in `restarts` (ms of any one clock). Only those within
 * the window count, so a daemon that ran well for that long begins again with the shortest wait. Pure.
 */
export function decide(restarts: readonly number[], now: number, policy: RestartPolicy): Decision {
  const recent = recentRestarts(restarts, now, policy).length;
  if (recent >= policy.limit) return { action: "give-up", restarts: recent };
  return { action: "restart", attempt: recent + 1, delayMs: policy.baseMs * 2 ** recent };
}

/** The restarts that still count. Pure. */
export function recentRestarts(restarts: readonly number[], now: number, policy: RestartPolicy): number[] {
  return restarts.filter((at) => now - at < policy.windowMs);
}
