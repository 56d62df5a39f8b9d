import type { Store } from "./database.ts";
import { addSubscription, endSubscription, type NewSubscription } from "./subscriptions.ts";

// A subscription that a process made for its own time, such as `daemon wait`, names that process (`pid:start_time`): it
// ends with it, also when that was killed and could not end it.

/** Stores a subscription of a process; returns its id. */
export function addOwned(store: Store, subscription: NewSubscription, owner: string): number {
  return store
    .transaction(() => {
      const id = addSubscription(store, subscription);
      store.query("UPDATE subscriptions SET owner = $owner WHERE id = $id").run({ id, owner });
      return id;
    })
    .immediate();
}

/** Ends the subscriptions whose process is no more; returns how many. */
export function endOrphans(store: Store, isAlive: (owner: string) => boolean): number {
  const owned = store
    .query<{ id: number; owner: string }, []>(
      "SELECT id, owner FROM subscriptions WHERE owner IS NOT NULL AND ended_at IS NULL",
    )
    .all();
  const orphans = owned.filter(({ owner }) => !isAlive(owner));
  for (const { id } of orphans) endSubscription(store, id, "who waited for it is gone");
  return orphans.length;
}

/** The subscriptions of processes that have not ended: each with its owner, and the very session that it is about. */
export function ownedSubscriptions(store: Store): { owner: string; server: string; session_id: string }[] {
  return store
    .query<{ owner: string; server: string; session_id: string }, []>(
      "SELECT owner, server, session_id FROM subscriptions WHERE owner IS NOT NULL AND ended_at IS NULL",
    )
    .all();
}
