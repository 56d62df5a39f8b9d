import * as v from "valibot";
import { type ClockReading, readClocks } from "../lib/believed-clock.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import type { StatePaths } from "../lib/paths.ts";
import { DurableFile } from "../tmux/durable-file.ts";

// Whether the daemon collects, and when it was done last. The first is a person's wish, and outlives the machine's next start.

/** The time to live of sessions whose makers gave none, seconds. */
export const USUAL_TTL_S = 7200;

const Schedule = v.looseObject({ ttl_s: v.pipe(v.number(), v.minValue(0.001)) });

/** What was asked for by gc-enable. */
export type Schedule = v.InferOutput<typeof Schedule>;

const LastRun = v.object({ at: v.number(), uptime: v.number(), boot: v.string(), collected: v.number() });

/** When it was collected last, and how much. */
export type LastRun = v.InferOutput<typeof LastRun>;

/** What gc-enable has asked for. */
export const scheduleFile: DurableFile<Schedule> = new DurableFile("gc.json", Schedule);

/** When it was collected last; undefined if it never was, as far as is known. */
export function readLastRun(paths: StatePaths): LastRun | undefined {
  try {
    return v.parse(LastRun, JSON.parse(readText(lastFile(paths)) ?? ""));
  } catch {
    return undefined; // none, or not ours
  }
}

/** Notes that it was collected now. */
export function noteLastRun(paths: StatePaths, collected: number): void {
  const { ms, uptime, boot } = readClocks();
  try {
    writeAtomic(lastFile(paths), `${JSON.stringify({ at: ms, uptime, boot, collected })}\n`, { sync: false });
  } catch {
    // a full disk: the next one is the earlier for it
  }
}

/** Whether so many seconds have passed since then, whatever was done to the clock. Pure. */
export function isDue(last: LastRun | undefined, everyS: number, now: ClockReading): boolean {
  return last === undefined || last.boot !== now.boot || now.uptime - last.uptime >= everyS;
}

function lastFile({ dir }: StatePaths): string {
  return `${dir}/gc.last`;
}
