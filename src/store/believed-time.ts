import { believe, type ClockNote, type ClockReading, readClocks } from "../lib/believed-clock.ts";
import { DAY_MS } from "../lib/clock.ts";
import type { Store } from "./database.ts";
import { readNote, writeNote } from "./notes.ts";

const CLOCK = "clock";
/** For so long the clock must have been ahead before the age of what is stored is told by it, seconds. */
const PATIENCE_S = DAY_MS / 1000;
const RENEW_S = 3600;

/**
 * The time by which the age of what is stored is told (ms since the epoch): a clock that runs ahead for less than a day
 * makes nothing old, also when daemons come and go meanwhile.
 */
export function believedTime(store: Store, now: ClockReading = readClocks()): number {
  const before = readClockNote(store);
  const { believed, note } = believe(before, now, PATIENCE_S);
  const isNews =
    before === undefined ||
    note.boot !== before.boot ||
    note.aheadSince !== before.aheadSince ||
    note.uptime - before.uptime > RENEW_S ||
    note.ms < before.ms;
  if (isNews) writeNote(store, CLOCK, JSON.stringify(note));
  return believed;
}

function readClockNote(store: Store): ClockNote | undefined {
  try {
    const { ms, uptime, boot, aheadSince } = JSON.parse(readNote(store, CLOCK) ?? "");
    if (typeof ms !== "number" || typeof uptime !== "number" || typeof boot !== "string") return undefined;
    return { ms, uptime, boot, aheadSince: typeof aheadSince === "number" ? aheadSince : null };
  } catch {
    return undefined; // none yet, or not ours
  }
}
