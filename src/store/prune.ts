import { DAY_MS } from "../lib/clock.ts";
import { pruneCallbacks } from "./callbacks.ts";
import type { Store } from "./database.ts";
import { countPast, pruneEvents } from "./events.ts";
import { pruneSubscriptions } from "./subscriptions.ts";

/** What is kept of what is over: at most so many events and ended subscriptions, and nothing older than so many days. */
export interface Retention {
  events: number;
  days: number;
}

/**
 * Removes events, and the callbacks and subscriptions that have ended, beyond what is to be kept; returns how many events
 * went.
 * @param now ms since the epoch, by which their age is told
 */
export function prune(store: Store, { events: kept, days }: Retention, now: number): number {
  const oldest = now - days * DAY_MS;
  return store
    .transaction(() => {
      const removed = pruneEvents(store, { oldest, kept });
      // each belongs to an event; to look through all of them every minute would hold up the daemon
      if (removed > 0) pruneCallbacks(store);
      pruneSubscriptions(store, { oldest, kept });
      return removed;
    })
    .immediate();
}

/** How many events prune() would remove. */
export function prunable(store: Store, { events: kept, days }: Retention, now: number): number {
  return countPast(store, { oldest: now - days * DAY_MS, kept });
}
