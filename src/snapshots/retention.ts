import { DAY_MS } from "../lib/clock.ts";

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/**
 * Which of the moments of a session's snapshots are kept: the newest `keep`, then the last of each hour for a day, and the last of
 * each day for a week. One of the future counts as new. Pure.
 * @param moments ms since the epoch, in any order
 */
export function retained(moments: readonly number[], now: number, keep: number): Set<number> {
  const newest = moments.toSorted((a, b) => b - a);
  const kept = new Set(newest.slice(0, keep));
  const seen = new Set<string>();
  for (const at of newest) {
    const age = now - at;
    const slot =
      age < DAY_MS ? `h${Math.floor(at / HOUR_MS)}` : age < WEEK_MS ? `d${Math.floor(at / DAY_MS)}` : undefined;
    if (slot === undefined || seen.has(slot)) continue;
    seen.add(slot);
    kept.add(at);
  }
  return kept;
}
