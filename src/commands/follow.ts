import { existsSync } from "node:fs";
import { followEvents } from "../ipc/client.ts";
import { AppError } from "../lib/errors.ts";
import { checkStateDir, type StatePaths } from "../lib/paths.ts";
import { sleep } from "../lib/wait.ts";
import { isHeld, runningAs } from "../process/holder.ts";
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
const KILLED_MS = 10_000;
/** And when it was told to stop: what stops and starts a service, say, does so one after the other. */
const STOPPED_MS = 5000;

/**
 * Each event that passes the filter, once and in order, also across restarts of the daemon: when its answer ends, the next
 * one is asked from there on. Given up when no other has come for so long, although nobody is about to start one. Ends
 * when the signal is aborted.
 * @throws AppError ERR_DAEMON_NOT_RUNNING, ERR_UNSAFE_STATE_DIR, and what the daemon refused
 */
export async function* follow(
  paths: StatePaths,
  filter: FollowFilter,
  signal: AbortSignal,
): AsyncGenerator<EventRecord> {
  const { session, type } = filter;
  checkStateDir(paths.dir); // a socket in another's folder is another's
  let since = filter.since ?? newest(paths);
  // one that has been there is waited for, and not only from the first answer on
  let hasBegun = isThere(paths);
  let lostAt: number | undefined;
  for (;;) {
    try {
      const query = {
        since: `${since}`,
        ...(session === undefined ? {} : { session }),
        ...(type === undefined ? {} : { type }),
      };
      for await (const line of followEvents(paths.daemonSocket, query, signal, () => {
        hasBegun = true;
        lostAt = undefined;
      })) {
        const event: EventRecord = JSON.parse(line);
        since = event.seq;
        yield event;
      }
    } catch (thrown) {
      if (!signal.aborted && !(thrown instanceof AppError && thrown.code === "ERR_DAEMON_NOT_RUNNING")) throw thrown;
    }
    if (signal.aborted) return;
    if (isThere(paths)) lostAt = undefined;
    else {
      lostAt ??= performance.now();
      if (performance.now() - lostAt > patienceMs(paths, hasBegun)) throw isLost(hasBegun ? since : undefined);
    }
    await sleep(RETRY_MS, signal);
  }
}

/** How long to wait for another daemon, now that none is there. */
function patienceMs(paths: StatePaths, hasBegun: boolean): number {
  if (!hasBegun) return 0;
  // one that was told to stop has taken its heartbeat with it; a restart that was killed in the middle has left its note
  return existsSync(paths.heartbeat) || existsSync(paths.recoveryNote) ? KILLED_MS : STOPPED_MS;
}

/** The error for a daemon that is not there; with `since`, where to go on. */
export function isLost(since: number | undefined): AppError {
  const goOn = since === undefined ? "" : `. Go on where this ended with --since ${since}.`;
  return new AppError("ERR_DAEMON_NOT_RUNNING", "The daemon is not running", {
    hint: `Start it with: claude-tmux daemon start${goOn}`,
  });
}

/** The number of the newest event in the log; 0 when there is none. */
export function newest(paths: StatePaths): number {
  if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return 0;
  using store = openStore(paths.database);
  return lastSeq(store);
}

/** Whether a daemon runs, or somebody is about to start one. */
export function isThere(paths: StatePaths): boolean {
  const { daemonLock, watchdogLock, recoveryLock } = paths;
  // whoever restarts or recovers it holds that lock until the next one serves: looked at first, so that nobody is missed
  if (isHeld(recoveryLock)) return true;
  return (runningAs("daemon", daemonLock) ?? runningAs("watchdog", watchdogLock)) !== undefined;
}
