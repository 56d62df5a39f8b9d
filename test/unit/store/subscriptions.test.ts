import { expect, test } from "bun:test";
import {
  activeSubscriptions,
  endSubscription,
  pruneSubscriptions,
  saveNames,
  saveProgress,
} from "../../../src/store/subscriptions.ts";
import { memoryStore, subscribed } from "./stores.ts";

test("a subscription is read as it was made", () => {
  using store = memoryStore();
  const made = subscribed(store, { pattern: "a|b", seconds: 0.5, deadline: 12, cwd: "/srv/ä", once: true });
  expect(made).toMatchObject({ pattern: "a|b", seconds: 0.5, deadline: 12, cwd: "/srv/ä", once: 1, fired: 0 });
  expect(Math.abs(made.created_at - Date.now())).toBeLessThan(10_000);
});

test("one ends once, and nothing is noted of it then", () => {
  using store = memoryStore();
  const { id } = subscribed(store);
  saveProgress(store, id, "far");
  saveNames(store, id, { session: "new", pane_id: "2", label: "x" });
  expect(activeSubscriptions(store)).toMatchObject([{ progress: "far", session: "new", pane_id: "2", label: "x" }]);
  expect([endSubscription(store, id, "over"), endSubscription(store, id, "over")]).toEqual([true, false]);
  saveProgress(store, id, "further");
  expect(activeSubscriptions(store)).toEqual([]);
  expect(store.query("SELECT end_reason, progress FROM subscriptions").values()).toEqual([["over", null]]);
});

test("those that have ended are removed by age and by number; active ones never", () => {
  using store = memoryStore();
  const ids = Array.from({ length: 5 }, () => subscribed(store).id);
  for (const id of ids.slice(1)) endSubscription(store, id, "over");
  store.run(`UPDATE subscriptions SET ended_at = 1000 WHERE id = ${ids[4]}`);
  pruneSubscriptions(store, { oldest: 2000, kept: 3 });
  const left = store.query<{ id: number }, []>("SELECT id FROM subscriptions ORDER BY id").all();
  expect(left.map(({ id }) => ids.indexOf(id))).toEqual([0, 2, 3]);
});
