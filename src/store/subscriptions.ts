import type { Store } from "./database.ts";

/** Why a subscription ended that somebody has ended. */
export const UNSUBSCRIBED = "unsubscribed";

/** A subscription as it is made: bound to the very session and pane that its names meant at that moment. */
export interface NewSubscription {
  /** what it fires for (see subscriptions/table.ts); a later version may have others */
  type: string;
  /** the tmux server process (`pid:start_time`), for which the two ids below hold */
  server: string;
  session: string;
  session_id: string;
  /** the %id; empty for a subscription to a whole session */
  pane: string;
  pane_id: string;
  label: string;
  pattern: string | null;
  /** ms since the epoch */
  deadline: number | null;
  /** how long a silence lasts */
  seconds: number | null;
  /** how far the pane's output has been dealt with, as JSON; whoever watches writes and reads it */
  progress: string | null;
  callback: string | null;
  /** the folder in which the callback runs; null: the home folder */
  cwd: string | null;
  once: boolean;
}

/** A subscription that has not ended. */
export interface Subscription extends Omit<NewSubscription, "once"> {
  id: number;
  /** ms since the epoch */
  created_at: number;
  once: 0 | 1;
  fired: number;
  /** the process for whose time it is (see owners.ts) */
  owner?: string | null;
}

/** Stores a subscription; returns its id. */
export function addSubscription(store: Store, subscription: NewSubscription): number {
  const { once, ...rest } = subscription;
  const row = store
    .query<{ id: number }, Record<string, string | number | null>>(
      `INSERT INTO subscriptions (created_at, type, server, session, session_id, pane, pane_id, label, pattern, deadline, seconds, progress, callback, cwd, once)
       VALUES ($now, $type, $server, $session, $session_id, $pane, $pane_id, $label, $pattern, $deadline, $seconds, $progress, $callback, $cwd, $once)
       RETURNING id`,
    )
    .get({ ...rest, once: once ? 1 : 0, now: Date.now() });
  if (!row) throw new Error("INSERT … RETURNING gave no row");
  return row.id;
}

/** The subscriptions that have not ended, oldest first. */
export function activeSubscriptions(store: Store): Subscription[] {
  return store.query<Subscription, []>("SELECT * FROM subscriptions WHERE ended_at IS NULL ORDER BY id").all();
}

/** Ends a subscription, and says why; it never fires again. Returns whether there was one to end. */
export function endSubscription(store: Store, id: number, reason: string): boolean {
  const { changes } = store
    .query(
      "UPDATE subscriptions SET ended_at = $now, end_reason = $reason, progress = NULL WHERE id = $id AND ended_at IS NULL",
    )
    .run({ id, reason, now: Date.now() });
  return changes > 0;
}

/** Notes how far a subscription's pane has been dealt with. */
export function saveProgress(store: Store, id: number, progress: string): void {
  store
    .query("UPDATE subscriptions SET progress = $progress WHERE id = $id AND ended_at IS NULL")
    .run({ id, progress });
}

/** Notes what a subscription's session and pane are called now, for those who list subscriptions. */
export function saveNames(store: Store, id: number, names: Pick<Subscription, "session" | "pane_id" | "label">): void {
  store
    .query("UPDATE subscriptions SET session = $session, pane_id = $pane_id, label = $label WHERE id = $id")
    .run({ ...names, id });
}

/** Removes subscriptions that ended before `oldest` (ms since the epoch), and all but the newest `kept` that have ended. */
export function pruneSubscriptions(store: Store, { oldest, kept }: { oldest: number; kept: number }): void {
  store
    .query(
      `DELETE FROM subscriptions WHERE ended_at < $oldest OR (ended_at IS NOT NULL AND id <=
         (SELECT id FROM subscriptions WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET $kept))`,
    )
    .run({ oldest, kept });
}
