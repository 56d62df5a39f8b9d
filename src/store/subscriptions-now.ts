import { exists } from "../lib/files.ts";
import { openStore } from "./database.ts";
import { activeSubscriptions, type Subscription } from "./subscriptions.ts";

/** The subscriptions that have not ended, of the database in a file; none where there is none. Throws as openStore(). */
export function subscriptionsIn(path: string): Subscription[] {
  if (!exists(path)) return [];
  using store = openStore(path);
  return activeSubscriptions(store);
}
