/** When to restart what has crashed, and when to stop trying. */
export interface RestartPolicy {
  /** the wait before the first restart; each further one waits twice as long */
  baseMs: number;
  /** restarts within the window before giving up */
  limit: number;
  windowMs: number;
}

/** What comes after a crash: a restart when `waitMs` have passed, the `attempt`th that counts; or none any more. */
export interface AfterCrash {
  /** the restarts that count, this one among them: ms of the clock of `now` */
  restarts: number[];
  next: { waitMs: number; attempt: number } | undefined;
}

/**
 * What comes after a crash at `now`. Only restarts within the window count, so that what ran well for that long begins again
 * with the shortest wait. Pure.
 * @param restarts when it was restarted before, ms of the same clock
 */
export function afterCrash(restarts: readonly number[], now: number, policy: RestartPolicy): AfterCrash {
  const recent = recentRestarts(restarts, now, policy);
  const attempt = recent.length + 1;
  if (attempt > policy.limit) return { restarts: recent, next: undefined };
  return { restarts: [...recent, now], next: { waitMs: policy.baseMs * 2 ** recent.length, attempt } };
}

/** The restarts that still count. Those of the future are of another boot of the machine. Pure. */
export function recentRestarts(restarts: readonly number[], now: number, policy: RestartPolicy): number[] {
  return restarts.filter((at) => at <= now && now - at < policy.windowMs);
}
