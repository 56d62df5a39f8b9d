import { AppError, asError } from "../lib/errors.ts";
import { exists } from "../lib/files.ts";
import { openStore } from "./database.ts";
import { activeSubscriptions, addSubscription, type NewSubscription, type Subscription } from "./subscriptions.ts";

/** The subscriptions that have not ended, of the database in a file; none where there is none, undefined where it can't be read. */
export function subscriptionsIn(path: string): Subscription[] | undefined {
  if (!exists(path)) return [];
  try {
    using store = openStore(path);
    return activeSubscriptions(store);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return undefined;
  }
}

/**
 * Adds subscriptions to the database in a file, which is made if there is none.
 * @returns why none of them could be added; undefined where all were
 */
export function addSubscriptions(path: string, subscriptions: readonly NewSubscription[]): string | undefined {
  if (subscriptions.length === 0) return undefined;
  try {
    using store = openStore(path);
    store.transaction(() => {
      for (const subscription of subscriptions) addSubscription(store, subscription);
    })();
    return undefined;
  } catch (thrown) {
    // a full disk, a database that is locked or damaged
    return asError(thrown).message;
  }
}
