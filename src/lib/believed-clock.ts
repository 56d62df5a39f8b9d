import { uptimeS } from "./clock.ts";
import { readText } from "./files.ts";

/** Two clocks, read at the same time. */
export interface ClockReading {
  /** ms since the epoch, which may jump */
  ms: number;
  /** seconds since the machine started, or where the kernel does not tell, this process: they never jump */
  uptime: number;
  /** what the uptime is counted from */
  boot: string;
}

/** A reading that is believed, and since which uptime the clock has been ahead of it. */
export interface ClockNote extends ClockReading {
  aheadSince: number | null;
}

/** By how much the clock may be ahead and still be believed at once: it is adjusted now and then. */
const TOLERANCE_MS = 5000;

/**
 * What time it is, when a clock that jumps ahead is believed only after it has been so for `patienceS` seconds; before
 * that, time goes on from what was believed. A clock that is set back is believed at once. Where a machine was off, the
 * clock is ahead as well: nobody can tell the two apart. Pure.
 * @returns the time (ms since the epoch), and the note for the next time: the same object when nothing has changed
 */
export function believe(
  note: ClockNote | undefined,
  now: ClockReading,
  patienceS: number,
): { believed: number; note: ClockNote } {
  const trust = () => ({ believed: now.ms, note: { ...now, aheadSince: null } });
  if (!note) return trust();
  const isSameBoot = note.boot === now.boot;
  const expected = note.ms + (now.uptime - (isSameBoot ? note.uptime : 0)) * 1000;
  if (now.ms <= expected + TOLERANCE_MS) return trust();
  const since = isSameBoot ? note.aheadSince : null;
  if (since !== null && now.uptime - since >= patienceS) return trust();
  if (since !== null) return { believed: expected, note };
  return { believed: expected, note: { ms: expected, uptime: now.uptime, boot: now.boot, aheadSince: now.uptime } };
}

/** The clock of this process, which does not believe a jump ahead at once: see believe(). */
export class BelievedClock {
  private note: ClockNote | undefined;

  constructor(
    private readonly patienceS: number,
    private readonly look: () => ClockReading = readClocks,
  ) {
    this.read();
  }

  /** The time as the clock tells it and as it is believed, ms since the epoch. To be read now and then. */
  read(): { ms: number; believed: number } {
    const now = this.look();
    const { believed, note } = believe(this.note, now, this.patienceS);
    this.note = note;
    return { ms: now.ms, believed };
  }
}

/** Reads both clocks. */
export function readClocks(): ClockReading {
  const uptime = uptimeS();
  if (uptime === undefined) {
    return { ms: Date.now(), uptime: performance.now() / 1000, boot: `process ${performance.timeOrigin}` };
  }
  return { ms: Date.now(), uptime, boot: bootId() ?? "" };
}

/** What is another one after each start of the machine (random(4), boot_id); undefined where the kernel does not tell. */
export function bootId(): string | undefined {
  boot ??= readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return boot === "" ? undefined : boot;
}

let boot: string | undefined;
