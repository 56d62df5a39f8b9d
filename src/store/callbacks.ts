import type { Store } from "./database.ts";

/** A callback that waits to run, runs, or ran when its daemon died. */
export interface CallbackRow {
  id: number;
  /** the event that it is run for */
  seq: number;
  subscription: number;
  command: string;
  /** how often it was started */
  attempt: number;
  /** the process that runs it */
  pid: number | null;
  start_time: number | null;
}

/** Takes the oldest queued callback and marks it as started once more; undefined when none waits. */
export function takeQueued(store: Store): CallbackRow | undefined {
  return (
    store
      .query<CallbackRow, []>(
        `UPDATE callbacks SET state = 'running', attempt = attempt + 1, pid = NULL, start_time = NULL
         WHERE id = (SELECT id FROM callbacks WHERE state = 'queued' ORDER BY id LIMIT 1) RETURNING *`,
      )
      .get() ?? undefined
  );
}

/** Notes which process runs a callback, so that a later daemon can end it before it runs it again. */
export function noteProcess(store: Store, id: number, process: { pid: number; startTime: number }): void {
  store
    .query("UPDATE callbacks SET pid = $pid, start_time = $startTime WHERE id = $id")
    .run({ id, pid: process.pid, startTime: process.startTime });
}

/** Marks a callback as done, however it ended. */
export function finishCallback(store: Store, id: number): void {
  store.query("UPDATE callbacks SET state = 'ended' WHERE id = $id").run({ id });
}

/** Puts a callback that was cut short back into the queue. */
export function requeue(store: Store, id: number): void {
  store.query("UPDATE callbacks SET state = 'queued' WHERE id = $id AND state = 'running'").run({ id });
}

/** Callbacks that are marked as running: after a start, those that the last daemon left. */
export function runningCallbacks(store: Store): CallbackRow[] {
  return store.query<CallbackRow, []>("SELECT * FROM callbacks WHERE state = 'running' ORDER BY id").all();
}

/** Drops callbacks of events before `oldest` (ms since the epoch) that still wait; returns how many. */
export function expireCallbacks(store: Store, oldest: number): number {
  return store
    .query(
      `UPDATE callbacks SET state = 'ended'
       WHERE state = 'queued' AND seq IN (SELECT seq FROM events WHERE at < $oldest)`,
    )
    .run({ oldest }).changes;
}

/** Removes callbacks that have ended, of events that the log does not hold any more. */
export function pruneCallbacks(store: Store): void {
  store.run("DELETE FROM callbacks WHERE state = 'ended' AND seq NOT IN (SELECT seq FROM events)");
}

/** How many callbacks wait for their turn. */
export function countQueued(store: Store): number {
  return store.query<{ n: number }, []>("SELECT count(*) AS n FROM callbacks WHERE state = 'queued'").get()?.n ?? 0;
}
