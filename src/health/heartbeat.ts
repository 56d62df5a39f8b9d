import { uptimeS } from "../lib/clock.ts";
import { readText } from "../lib/files.ts";

/** What the daemon's working loop writes twice a second. */
export interface Heartbeat {
  pid: number;
  /** ms since the epoch */
  at: number;
  /** seconds since the machine started: the age is told by this, which no change of the clock moves */
  uptime: number | null;
  /** callbacks that wait for their turn */
  queue: number;
  /** events and ends of callbacks that can't be written down, on a full disk say; left out when there are none */
  unwritten?: number;
}

/** How often the daemon writes its heartbeat. */
export const HEARTBEAT_MS = 500;

/** The last heartbeat; undefined when there is none, or something else in its place. */
export function readHeartbeat(path: string): Heartbeat | undefined {
  return parseHeartbeat(readText(path));
}

/**
 * Seconds since the last heartbeat of the process `pid`, or of whichever wrote it; undefined when there is none. Of two
 * daemons in turn, the second is not judged by the first one's heartbeat.
 */
export function readHeartbeatAge(path: string, pid?: number): number | undefined {
  return ageOf(readHeartbeat(path), pid);
}

/** The same of a heartbeat that has been read. */
export function ageOf(beat: Heartbeat | undefined, pid?: number): number | undefined {
  if (!beat || (pid !== undefined && beat.pid !== pid)) return undefined;
  return heartbeatAge(beat, { ms: Date.now(), uptime: uptimeS() });
}

/** Seconds since a heartbeat, by the clock that does not jump where there is one. Never negative. */
export function heartbeatAge(beat: Heartbeat, now: { ms: number; uptime: number | undefined }): number {
  const byUptime = beat.uptime !== null && now.uptime !== undefined && now.uptime >= beat.uptime;
  const age = byUptime ? (now.uptime ?? 0) - (beat.uptime ?? 0) : (now.ms - beat.at) / 1000;
  return Math.max(0, age);
}

/** Reads what a HeartbeatWriter writes. Pure. */
export function parseHeartbeat(text: string | undefined): Heartbeat | undefined {
  try {
    const { pid, at, uptime, queue, unwritten } = JSON.parse(text ?? "") as Record<string, unknown>;
    if (typeof pid !== "number" || typeof at !== "number" || typeof queue !== "number") return undefined;
    const beat = { pid, at, uptime: typeof uptime === "number" ? uptime : null, queue };
    return typeof unwritten === "number" ? { ...beat, unwritten } : beat;
  } catch {
    return undefined;
  }
}
