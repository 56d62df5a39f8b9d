import { Database } from "bun:sqlite";
import { migrate, type Store } from "../../../src/store/database.ts";
import type { NewEvent } from "../../../src/store/events.ts";
import { activeSubscriptions, addSubscription, type NewSubscription } from "../../../src/store/subscriptions.ts";

/** An empty database in memory, with all tables. */
export function memoryStore(): Store {
  const store = new Database(":memory:", { strict: true });
  migrate(store);
  return store;
}

/** An event of pane %0. */
export function event(more: Partial<NewEvent> = {}): NewEvent {
  const place = { session: "dev", pane: "%0", pane_id: "0", label: "" };
  return { event_type: "pattern-match", ...place, message: "x", data: {}, ...more };
}

/** A stored subscription to pane %0. */
export function subscribed(store: Store, more: Partial<NewSubscription> = {}) {
  const place = { server: "1:1", session: "dev", session_id: "$0", pane: "%0", pane_id: "0", label: "" };
  const rest = {
    pattern: "x",
    deadline: null,
    seconds: null,
    progress: null,
    callback: "true",
    cwd: null,
    once: false,
  };
  const id = addSubscription(store, { type: "pattern-match", ...place, ...rest, ...more });
  const found = activeSubscriptions(store).find((subscription) => subscription.id === id);
  if (!found) throw new Error("it was not stored");
  return found;
}
