import { rmSync } from "node:fs";
import * as v from "valibot";
import { readText, writeAtomic } from "../lib/files.ts";

const WatchdogStatusSchema = v.strictObject({
  /** running: the daemon runs; waiting: for the back-off to pass; gave-up: too many restarts */
  state: v.picklist(["running", "waiting", "gave-up"]),
  daemon_pid: v.nullable(v.number()),
  /** restarts that count against the limit, and in all */
  recent_restarts: v.number(),
  total_restarts: v.number(),
  /** how the daemon ended last, for people */
  last_exit: v.nullable(v.string()),
  /** when the next restart is due, ms since the epoch */
  next_restart_at: v.nullable(v.number()),
  /** when it restarted the daemon, as far as it counts: ms since the machine started (since the epoch where the kernel does not say) */
  restarts: v.array(v.number()),
});

/** What a watchdog writes about itself for `watchdog status`. */
export type WatchdogStatus = v.InferOutput<typeof WatchdogStatusSchema>;

/** Replaces the status file. */
export function writeWatchdogStatus(path: string, status: WatchdogStatus): void {
  writeAtomic(path, `${JSON.stringify(status)}\n`);
}

/** Removes the status file: there is nothing that the next watchdog would have to know. */
export function removeWatchdogStatus(path: string): void {
  rmSync(path, { force: true });
}

/** The last status written; undefined when there is none, or something else in its place. */
export function readWatchdogStatus(path: string): WatchdogStatus | undefined {
  try {
    return v.parse(WatchdogStatusSchema, JSON.parse(readText(path) ?? ""));
  } catch {
    return undefined;
  }
}
