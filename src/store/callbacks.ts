import { DAY_MS } from "../lib/clock.ts";
import type { Store } from "./database.ts";
import { type EventRecord, readEvent, readEvents } from "./events.ts";
import { UNSUBSCRIBED } from "./subscriptions.ts";

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

/** A callback that was taken from the queue: what it is run for, and where. */
export interface TakenCallback {
  row: CallbackRow;
  event: EventRecord;
  /** where its subscription was made; null when nobody knows */
  cwd: string | null;
}

/**
 * Takes a queued callback and marks it as started once more; undefined when none waits that may run. In turns: the oldest
 * of the next subscription after `last`, but for those that `isFull` holds back. All of it or, when it throws, nothing.
 */
export function takeQueued(
  store: Store,
  { last, isFull }: { last: number; isFull(subscription: number): boolean },
): TakenCallback | undefined {
  if (!nextInTurn(store, last, isFull)) return undefined; // most often: no need to keep others from writing
  return store
    .transaction(() => {
      for (let next = nextInTurn(store, last, isFull); next; next = nextInTurn(store, last, isFull)) {
        const row = store
          .query<CallbackRow, { id: number }>(
            `UPDATE callbacks SET state = 'running', attempt = attempt + 1, pid = NULL, start_time = NULL
             WHERE id = $id RETURNING *`,
          )
          .get({ id: next.id });
        const event = row && readEvent(store, row.seq);
        if (row && event) return { row, event, cwd: cwdOf(store, row.subscription) };
        finishCallback(store, next.id); // its event was taken out of the log
      }
      return undefined;
    })
    .immediate();
}

/** Who waits next, by the index of those that wait: it takes as long however many there are. */
function nextInTurn(
  store: Store,
  last: number,
  isFull: (subscription: number) => boolean,
): { id: number; subscription: number } | undefined {
  const query = store.query<{ id: number; subscription: number }, { after: number }>(
    `SELECT id, subscription FROM callbacks WHERE state = 'queued' AND subscription > $after
     ORDER BY subscription, id LIMIT 1`,
  );
  const find = (first: number, end: number) => {
    for (let after = first; ; ) {
      const found = query.get({ after });
      if (!found || found.subscription > end) return undefined;
      if (!isFull(found.subscription)) return found;
      after = found.subscription;
    }
  };
  return find(last, Number.MAX_SAFE_INTEGER) ?? find(-1, last);
}

function cwdOf(store: Store, id: number): string | null {
  return (
    store.query<{ cwd: string | null }, { id: number }>("SELECT cwd FROM subscriptions WHERE id = $id").get({ id })
      ?.cwd ?? null
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

/** Puts a callback that was cut short back into the queue, unless somebody has ended its subscription. */
export function requeue(store: Store, id: number): void {
  store
    .query(
      `UPDATE callbacks SET state = CASE WHEN EXISTS (
         SELECT 1 FROM subscriptions WHERE id = callbacks.subscription AND end_reason = '${UNSUBSCRIBED}'
       ) THEN 'ended' ELSE 'queued' END
       WHERE id = $id AND state = 'running'`,
    )
    .run({ id });
}

/** Drops the callbacks of a subscription that wait; returns how many, and how many run. */
export function dropCallbacks(store: Store, subscription: number): { dropped: number; running: number } {
  const query = "UPDATE callbacks SET state = 'ended' WHERE subscription = $subscription AND state = 'queued'";
  const dropped = store.query(query).run({ subscription }).changes;
  const running = runningCallbacks(store).filter((row) => row.subscription === subscription).length;
  return { dropped, running };
}

/** Puts a callback that could not be started back into the queue, as if it had not been tried. */
export function putBack(store: Store, id: number): void {
  store
    .query("UPDATE callbacks SET state = 'queued', attempt = attempt - 1 WHERE id = $id AND state = 'running'")
    .run({ id });
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

/** The last callbacks of a subscription, which all failed. */
export interface FailedCallbacks {
  subscription: number;
  /** how many in a row, as far as it was looked */
  count: number;
  /** the newest of them, an event of type callback */
  last: EventRecord;
}

/** How many callbacks of the last day are looked at, and how many of each subscription. */
const LOOKED_AT = { all: 1000, each: 3 };

/** The subscriptions of which the last callbacks, those within a day of `now` (ms since the epoch), all failed. */
export function failedCallbacks(store: Store, now: number): FailedCallbacks[] {
  const ends = readEvents(store, { type: "callback", limit: LOOKED_AT.all });
  const recent = ends.filter(({ timestamp }) => Date.parse(timestamp) > now - DAY_MS);
  const bySubscription = Map.groupBy(recent.toReversed(), ({ data }) => Number(data.subscription));
  return [...bySubscription].flatMap(([subscription, all]) => {
    const newest = all.slice(0, LOOKED_AT.each);
    const [last] = newest;
    const isFailing = newest.every(({ data }) => data.exit_code !== 0);
    return last && isFailing ? [{ subscription, count: newest.length, last }] : [];
  });
}

/** Whether at least so many callbacks of one subscription wait for their turn. */
export function isBacklogged(store: Store, subscription: number, count: number): boolean {
  const { n } = store
    .query<{ n: number }, { subscription: number; count: number }>(
      `SELECT count(*) AS n FROM
         (SELECT 1 FROM callbacks WHERE state = 'queued' AND subscription = $subscription LIMIT $count)`,
    )
    .get({ subscription, count }) ?? { n: 0 };
  return n >= count;
}
