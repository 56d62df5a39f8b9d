import { rmSync } from "node:fs";
import * as v from "valibot";
import { asError } from "../lib/errors.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import type { Log } from "../lib/log.ts";

// the watchdog that wrote it, or that reads it next, may be of another version: what is not known is ignored
const WatchdogStatusSchema = v.object({
  /** running: the daemon runs; waiting: for the back-off to pass; gave-up: too many restarts; stopping: as it was told */
  state: v.fallback(v.picklist(["running", "waiting", "gave-up", "stopping"]), "running"),
  daemon_pid: v.nullable(v.number()),
  /** restarts that count against the limit, and their total */
  recent_restarts: v.number(),
  total_restarts: v.number(),
  /** how the daemon ended last, for people */
  last_exit: v.nullable(v.string()),
  /** when the next restart is due, ms since the epoch */
  next_restart_at: v.nullable(v.number()),
  /**
   * when it restarted the daemon, as far as it counts: ms since the machine started, or since the epoch where the kernel
   * does not say
   */
  restarts: v.array(v.number()),
});

/** What a watchdog writes about itself for `watchdog status`. */
export type WatchdogStatus = v.InferOutput<typeof WatchdogStatusSchema>;

/** The last status written; undefined when there is none, or something else in its place. */
export function readWatchdogStatus(path: string): WatchdogStatus | undefined {
  try {
    return v.parse(WatchdogStatusSchema, JSON.parse(readText(path) ?? ""));
  } catch {
    return undefined;
  }
}

/** The status file of a running watchdog. It begins with what the watchdog before left, if that was killed. */
export class StatusFile {
  private status: WatchdogStatus;

  /** To be made by who holds the role. */
  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {
    const left = readWatchdogStatus(path);
    const isHeir = left !== undefined && left.state !== "gave-up";
    this.status = {
      state: "running",
      daemon_pid: null,
      recent_restarts: isHeir ? left.restarts.length : 0,
      total_restarts: isHeir ? left.total_restarts : 0,
      last_exit: isHeir ? left.last_exit : null,
      next_restart_at: null,
      restarts: isHeir ? left.restarts : [],
    };
  }

  /** What it says now. */
  get current(): Readonly<WatchdogStatus> {
    return this.status;
  }

  /**
   * Writes down what has changed, in the file for certain if `sync`, else at once. A file that cannot be written is a
   * warning: the watchdog does its work all the same.
   */
  note(change: Partial<Omit<WatchdogStatus, "recent_restarts">>, options: { sync: boolean } = { sync: true }): void {
    this.status = { ...this.status, ...change };
    this.status.recent_restarts = this.status.restarts.length;
    try {
      writeAtomic(this.path, `${JSON.stringify(this.status)}\n`, options);
    } catch (thrown) {
      this.log.warn(`the status file cannot be written: ${asError(thrown).message}`);
    }
  }

  /** Removes it: there is nothing that the next watchdog would have to know. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}
