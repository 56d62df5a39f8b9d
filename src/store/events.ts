import { constants, Database } from "bun:sqlite";
import type { Store } from "./database.ts";
import { endSubscription, type Subscription } from "./subscriptions.ts";

/** An event as it happens. */
export interface NewEvent {
  /** what has happened (see subscriptions/events.ts) */
  event_type: string;
  session: string;
  pane_id: string;
  pane: string;
  label: string;
  message: string;
  data: Record<string, unknown>;
  /** when that was, ms since the epoch; unless given, it is written as it happens */
  at?: number;
}

/** An event in the log: `timestamp` is ISO 8601 UTC with milliseconds, `seq` only grows. */
export interface EventRecord extends Omit<NewEvent, "at"> {
  seq: number;
  timestamp: string;
}

/** Which events to read; all that are given must hold. The newest `limit` of them. */
export interface EventFilter {
  session?: string | undefined;
  type?: string | undefined;
  /** only events after this sequence number */
  since?: number | undefined;
  limit?: number | undefined;
}

/** Writes an event to the log. */
export function addEvent(store: Store, event: NewEvent): EventRecord {
  const { data, event_type, at = Date.now(), ...rest } = event;
  const { lastInsertRowid } = store
    .query(
      `INSERT INTO events (at, session, type, pane_id, pane, label, message, data)
       VALUES ($at, $session, $type, $pane_id, $pane, $label, $message, $data)`,
    )
    .run({ ...rest, type: event_type, at, data: JSON.stringify(data) });
  return { ...rest, event_type, data, seq: Number(lastInsertRowid), timestamp: new Date(at).toISOString() };
}

/** A subscription that an event fires, and how far its pane has been dealt with by that. */
export interface FiredSubscription {
  subscription: Subscription;
  progress?: string | undefined;
  /** how many firings the event stands for; one unless given */
  count?: number;
}

/**
 * Writes an event and everything that follows from it in one transaction: the callbacks of the subscriptions that it
 * fires, their counts, the end of those that fire once. A crash leaves all of it or nothing.
 */
export function recordEvent(store: Store, event: NewEvent, firings: readonly FiredSubscription[]): EventRecord {
  return store
    .transaction(() => {
      const record = addEvent(store, event);
      for (const { subscription, progress = null, count = 1 } of firings) {
        const { id, callback, once } = subscription;
        // one whose pane is gone may have been ended before this could be written
        const { changes } = store
          .query(
            `UPDATE subscriptions SET fired = fired + $count, progress = coalesce($progress, progress)
             WHERE id = $id AND coalesce(end_reason, '') NOT IN ('fired', 'unsubscribed')`,
          )
          .run({ id, progress, count });
        if (changes === 0) continue;
        if (callback !== null) queueCallback(store, { seq: record.seq, subscription: id, command: callback });
        if (once) endSubscription(store, id, "fired");
      }
      return record;
    })
    .immediate();
}

function queueCallback(store: Store, callback: { seq: number; subscription: number; command: string }): void {
  store
    .query("INSERT INTO callbacks (seq, subscription, command, state) VALUES ($seq, $subscription, $command, 'queued')")
    .run(callback);
}

/** Events that pass the filter, in the order of their sequence numbers. */
export function readEvents(store: Store, filter: EventFilter): EventRecord[] {
  const { session = null, type = null, since = 0, limit = -1 } = filter;
  return store
    .query<EventRow, Record<string, string | number | null>>(
      `SELECT * FROM (
         SELECT * FROM events
         WHERE seq > $since AND ($session IS NULL OR session = $session) AND ($type IS NULL OR type = $type)
         ORDER BY seq DESC LIMIT $limit
       ) ORDER BY seq`,
    )
    .all({ session, type, since, limit })
    .map(toRecord);
}

/** The first `limit` events after `since` that pass the filter, in the order of their sequence numbers. */
export function nextEvents(store: Store, filter: EventFilter & { since: number; limit: number }): EventRecord[] {
  const { session = null, type = null, since, limit } = filter;
  return store
    .query<EventRow, Record<string, string | number | null>>(
      `SELECT * FROM events
       WHERE seq > $since AND ($session IS NULL OR session = $session) AND ($type IS NULL OR type = $type)
       ORDER BY seq LIMIT $limit`,
    )
    .all({ session, type, since, limit })
    .map(toRecord);
}

/** One event of the log. */
export function readEvent(store: Store, seq: number): EventRecord | undefined {
  const row = store.query<EventRow, { seq: number }>("SELECT * FROM events WHERE seq = $seq").get({ seq });
  return row ? toRecord(row) : undefined;
}

/** The number of the newest event; 0 when there has been none. */
export function lastSeq(store: Store): number {
  // not max(seq): events that were pruned have had their numbers as well
  const row = store.query<{ seq: number }, []>("SELECT seq FROM sqlite_sequence WHERE name = 'events'").get();
  return row?.seq ?? 0;
}

/**
 * The number before that of the first event since a time (ms since the epoch); that of the last one where there is none. One that
 * has waited for the disk may be of before, and come after it.
 */
export function seqBefore(store: Store, at: number): number {
  const first = store
    .query<{ seq: number | null }, { at: number }>("SELECT min(seq) AS seq FROM events WHERE at >= $at")
    .get({ at })?.seq;
  return typeof first === "number" ? first - 1 : lastSeq(store);
}

/** How many events of each type the log holds. */
export function countByType(store: Store): Record<string, number> {
  const rows = store
    .query<{ type: string; n: number }, []>("SELECT type, count(*) AS n FROM events GROUP BY type")
    .all();
  return Object.fromEntries(rows.map(({ type, n }) => [type, n]));
}

/** Which events are of the past: those before `oldest` (ms since the epoch), and all but the newest `kept`. */
export interface Past {
  oldest: number;
  kept: number;
}

/** One whose callback still waits or runs is none of them. */
const IS_PAST = `(at < $oldest OR seq <= (SELECT seq FROM events ORDER BY seq DESC LIMIT 1 OFFSET $kept))
       AND seq NOT IN (SELECT seq FROM callbacks WHERE state <> 'ended')`;

/** Removes events of the past; returns how many went. */
export function pruneEvents(store: Store, { oldest, kept }: Past): number {
  return store.query(`DELETE FROM events WHERE ${IS_PAST}`).run({ oldest, kept }).changes;
}

/** How many events pruneEvents() would remove. */
export function countPast(store: Store, { oldest, kept }: Past): number {
  const count = store.query<{ n: number }, Record<string, number>>(`SELECT count(*) AS n FROM events WHERE ${IS_PAST}`);
  return count.get({ oldest, kept })?.n ?? 0;
}

/**
 * When the newest event in a log happened (ms since the epoch), which nobody has open; undefined when there is none. Nothing
 * about the file or its folder changes. Throws what a damaged file fails with.
 */
export function newestEventIn(path: string): number | undefined {
  const url = `${Bun.pathToFileURL(path)}?immutable=1`; // (sqlite.org/uri.html)
  using store = new Database(url, constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI);
  return store.query<{ at: number | null }, []>("SELECT max(at) AS at FROM events").get()?.at ?? undefined;
}

/** How many events the log holds. */
export function countEvents(store: Store): number {
  return store.query<{ n: number }, []>("SELECT count(*) AS n FROM events").get()?.n ?? 0;
}

type EventRow = Omit<EventRecord, "timestamp" | "event_type" | "data"> & { at: number; type: string; data: string };

function toRecord({ seq, at, session, type, pane_id, pane, label, message, data }: EventRow): EventRecord {
  const timestamp = new Date(at).toISOString();
  return { seq, timestamp, session, event_type: type, pane_id, pane, label, message, data: parseData(data) };
}

/** A row that was damaged is still an event: whoever reads the log must not stop there. */
function parseData(data: string): Record<string, unknown> {
  try {
    return JSON.parse(data);
  } catch {
    return {};
  }
}
