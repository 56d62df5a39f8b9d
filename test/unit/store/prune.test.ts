import { expect, test } from "bun:test";
import { finishCallback } from "../../../src/store/callbacks.ts";
import { countEvents, recordEvent } from "../../../src/store/events.ts";
import { prune } from "../../../src/store/prune.ts";
import { endSubscription } from "../../../src/store/subscriptions.ts";
import { event, memoryStore, subscribed } from "./stores.ts";

test("each table is pruned by the same age and number, and what waits stays with its event", () => {
  using store = memoryStore();
  const subscription = subscribed(store);
  for (let i = 0; i < 4; i++) recordEvent(store, event(), [{ subscription }]);
  for (const id of [1, 2, 3]) finishCallback(store, id);
  endSubscription(store, subscription.id, "over");
  expect(prune(store, { events: 2, days: 1 }, Date.now())).toBe(2);
  expect(store.query("SELECT seq FROM callbacks ORDER BY seq").values()).toEqual([[3], [4]]);
  expect(prune(store, { events: 2, days: 1 }, Date.now() + 2 * 86_400_000)).toBe(1); // the other has a callback to run
  expect([countEvents(store), store.query("SELECT count(*) FROM subscriptions").values()]).toEqual([1, [[0]]]);
});
