import { readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { type ClockReading, readClocks } from "../lib/believed-clock.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import { checkStateDir, durableRoot, ensurePrivateDir, type StatePaths } from "../lib/paths.ts";
import { durableDir, type TmuxServer } from "../tmux/server.ts";

// Whether the daemon collects, and when it was done last. The first is a person's wish, and outlives the machine's next start.

/** The time to live of sessions whose makers gave none, seconds. */
export const USUAL_TTL_S = 7200;

const Schedule = v.object({ ttl_s: v.pipe(v.number(), v.minValue(0.001)) });

/** What was asked for by gc-enable. */
export type Schedule = v.InferOutput<typeof Schedule>;

const LastRun = v.object({ at: v.number(), uptime: v.number(), boot: v.string(), collected: v.number() });

/** When it was collected last, and how much. */
export type LastRun = v.InferOutput<typeof LastRun>;

/** What gc-enable has asked for; undefined if nothing, or where the durable folder is not to be had, or not ours alone. */
export function readSchedule(server: TmuxServer): Schedule | undefined {
  try {
    const isThere = checkStateDir(durableRoot()) && checkStateDir(durableDir(server));
    return isThere ? parse(Schedule, fileOf(server)) : undefined;
  } catch {
    return undefined;
  }
}

/** Has the daemon collect from now on. Throws ERR_UNSAFE_STATE_DIR, ERR_INVALID_ARGUMENT without a HOME. */
export function writeSchedule(server: TmuxServer, schedule: Schedule): void {
  ensurePrivateDir(durableRoot());
  ensurePrivateDir(durableDir(server));
  writeAtomic(fileOf(server), `${JSON.stringify(schedule)}\n`);
}

/** Has the daemon collect no more; returns whether it did. */
export function removeSchedule(server: TmuxServer): boolean {
  const was = readSchedule(server) !== undefined;
  rmSync(fileOf(server), { force: true });
  return was;
}

/** What gc-enable has set for any tmux server, also for those of which there is nothing else: the paths of its files. */
export function scheduleFiles(): string[] {
  try {
    const root = durableRoot();
    if (!checkStateDir(root)) return [];
    const files = readdirSync(root).map((name) => `${root}/${name}/${FILE}`);
    return files.filter((file) => parse(Schedule, file) !== undefined && checkStateDir(dirname(file)));
  } catch {
    return []; // none is known, or not ours alone
  }
}

const FILE = "gc.json";

function fileOf(server: TmuxServer): string {
  return `${durableDir(server)}/${FILE}`;
}

/** When it was collected last; undefined if it never was, as far as is known. */
export function readLastRun(paths: StatePaths): LastRun | undefined {
  return parse(LastRun, lastFile(paths));
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

function parse<S extends v.GenericSchema>(schema: S, file: string): v.InferOutput<S> | undefined {
  try {
    return v.parse(schema, JSON.parse(readText(file) ?? ""));
  } catch {
    return undefined; // none, or not ours
  }
}
