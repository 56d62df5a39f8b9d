import { DAY_MS, humanDuration } from "./clock.ts";

// Times for people, by one unit: scripts are told the moments themselves.

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** From so long on, the date says more. */
const DATED_MS = 60 * DAY_MS;

/** "3 min ago", "in 2 h", "now", or a date for what is long ago: `at` and `now` are ms since the epoch. Pure. */
export function ago(at: number, now: number): string {
  const ms = Math.abs(now - at);
  if (ms < 1000) return "now";
  if (ms >= DATED_MS) return dateOf(at);
  return at > now ? `in ${oneUnit(ms)}` : `${oneUnit(ms)} ago`;
}

/** "850 ms", "2.3 s", "4 min 5 s": how long something took. Pure. */
export function took(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < MINUTE_MS ? `${(Math.floor(ms / 100) / 10).toFixed(1)} s` : humanDuration(ms / 1000);
}

/** "14:03:59", and before it the date where that is not today's, by the clock of this machine. Pure, but for the time zone. */
export function clockTime(at: number, now: number): string {
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return dateOf(at) === dateOf(now) ? time : `${dateOf(at)} ${time}`;
}

/** "512 B", "12 KB", "3.4 MB": by thousands, as disks are sold. Pure. */
export function size(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let n = bytes;
  let unit = 0;
  for (; n >= 999.5 && unit < units.length - 1; unit++) n /= 1000;
  return `${unit > 0 && n < 9.95 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

function oneUnit(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  return ms < DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`;
}

function dateOf(at: number): string {
  const date = new Date(at);
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
}

function two(n: number): string {
  return `${n}`.padStart(2, "0");
}
