import { existsSync } from "node:fs";
import { followEvents } from "../ipc/client.ts";
import { AppError } from "../lib/errors.ts";
import { checkStateDir, type StatePaths } from "../lib/paths.ts";
import { sleep } from "../lib/wait.ts";
import { runningAs } from "../process/holder.ts";
import { openStore } from "../store/database.ts";
import { type EventRecord, lastSeq } from "../store/events.ts";

/** Which events to follow; all that are given must hold. */
export interface FollowFilter {
  session: string | undefined;
  type: string | undefined;
  /** only events after this sequence number; by default, those that are still to come */
  since: number | undefined;
}

const RETRY_MS = 50;
/** How long one waits for another daemon when one was killed and no watchdog starts the next. */
const GRACE_MS = 10_000;

/**
 * Each event that passes the filter, once and in order, also across restarts of the daemon: when its answer ends, the next
 * one is asked from there on. Given up when the daemon was stopped, or was killed and no other has come within GRACE_MS.
 * Ends when the signal is aborted.
 * @throws AppError ERR_DAEMON_NOT_RUNNING
 */
export async function* follow(
  paths: StatePaths,
  filter: FollowFilter,
  signal: AbortSignal,
): AsyncGenerator<EventRecord> {
  const { session, type } = filter;
  let since = filter.since ?? newest(paths);
  let lostAt: number | undefined;
  for (;;) {
    try {
      const query = {
        since: `${since}`,
        ...(session === undefined ? {} : { session }),
        ...(type === undefined ? {} : { type }),
      };
      for await (const line of followEvents(paths.daemonSocket, query, signal)) {
        const event: EventRecord = JSON.parse(line);
        since = event.seq;
        yield event;
      }
    } catch (thrown) {
      if (!signal.aborted && !(thrown instanceof AppError && thrown.code === "ERR_DAEMON_NOT_RUNNING")) throw thrown;
    }
    if (signal.aborted) return;
    const isLost = !isThere(paths);
    lostAt = isLost ? (lostAt ?? performance.now()) : undefined;
    // one that was told to stop has taken its heartbeat with it
    if (isLost && (!existsSync(paths.heartbeat) || performance.now() - (lostAt ?? 0) > GRACE_MS)) {
      throw new AppError("ERR_DAEMON_NOT_RUNNING", "The daemon is not running", {
        hint: `Start it with: claude-tmux daemon start. Go on where this ended with --since ${since}.`,
      });
    }
    await sleep(RETRY_MS, signal);
  }
}

function newest(paths: StatePaths): number {
  if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return 0;
  using store = openStore(paths.database);
  return lastSeq(store);
}

function isThere(paths: StatePaths): boolean {
  const { daemonLock, watchdogLock } = paths;
  return (runningAs("daemon", daemonLock) ?? runningAs("watchdog", watchdogLock)) !== undefined;
}
