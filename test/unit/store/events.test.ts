import { expect, test } from "bun:test";
import {
  addEvent,
  countByType,
  countEvents,
  lastSeq,
  nextEvents,
  pruneEvents,
  readEvent,
  readEvents,
  recordEvent,
} from "../../../src/store/events.ts";
import { activeSubscriptions } from "../../../src/store/subscriptions.ts";
import { event, memoryStore, subscribed } from "./stores.ts";

test("an event is read as it was written, with a number and a time", () => {
  using store = memoryStore();
  const record = addEvent(store, event({ data: { line: "ä", exit_code: 0 } }));
  expect(record).toMatchObject({ seq: 1, data: { line: "ä", exit_code: 0 } });
  expect(record.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(readEvent(store, 1)).toEqual(record);
  expect(readEvent(store, 2)).toBeUndefined();
});

test("events are filtered; the newest or the next of them, always in order", () => {
  using store = memoryStore();
  for (const session of ["a", "b", "a", "a"]) addEvent(store, event({ session }));
  addEvent(store, event({ session: "a", event_type: "gap" }));
  const seqs = (events: { seq: number }[]) => events.map(({ seq }) => seq);
  expect(seqs(readEvents(store, { session: "a" }))).toEqual([1, 3, 4, 5]);
  expect(seqs(readEvents(store, { session: "a", limit: 2 }))).toEqual([4, 5]);
  expect(seqs(readEvents(store, { type: "gap" }))).toEqual([5]);
  expect(seqs(nextEvents(store, { session: "a", since: 1, limit: 2 }))).toEqual([3, 4]);
  expect([countEvents(store), countByType(store)]).toEqual([5, { "pattern-match": 4, gap: 1 }]);
});

test("an event counts for its subscriptions, queues their callbacks and ends those that fire once; all or nothing", () => {
  using store = memoryStore();
  const often = subscribed(store, { callback: null });
  const once = subscribed(store, { once: true });
  recordEvent(store, event(), [
    { subscription: often, progress: "far", count: 7 },
    { subscription: once, progress: undefined },
  ]);
  expect(activeSubscriptions(store)).toMatchObject([{ id: often.id, fired: 7, progress: "far" }]);
  expect(store.query("SELECT subscription FROM callbacks").values()).toEqual([[once.id]]);
  store.run("CREATE TRIGGER full BEFORE INSERT ON callbacks BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  const other = subscribed(store);
  expect(() => recordEvent(store, event(), [{ subscription: often }, { subscription: other }])).toThrow("disk is full");
  expect([lastSeq(store), activeSubscriptions(store)[0]?.fired]).toEqual([1, 7]);
});

test("a firing without a progress leaves the one that is stored", () => {
  using store = memoryStore();
  const subscription = subscribed(store, { progress: "near" });
  recordEvent(store, event(), [{ subscription, progress: undefined }]);
  expect(activeSubscriptions(store)[0]).toMatchObject({ fired: 1, progress: "near" });
});

test("an event whose data were damaged stops nobody who reads the log", () => {
  using store = memoryStore();
  for (let i = 0; i < 2; i++) addEvent(store, event({ data: { i } }));
  store.run("UPDATE events SET data = '{' WHERE seq = 1");
  expect(readEvents(store, {}).map(({ data }) => data)).toEqual([{}, { i: 1 }]);
});

test("numbers go on when events were removed", () => {
  using store = memoryStore();
  for (let i = 0; i < 3; i++) addEvent(store, event());
  expect(pruneEvents(store, { oldest: Date.now() + 1000, kept: 10 })).toBe(3);
  expect([countEvents(store), lastSeq(store), addEvent(store, event()).seq]).toEqual([0, 3, 4]);
});

test("the oldest go beyond the number that is kept, but for those whose callback is still to run", () => {
  using store = memoryStore();
  recordEvent(store, event(), [{ subscription: subscribed(store) }]);
  for (let i = 0; i < 4; i++) addEvent(store, event());
  expect(pruneEvents(store, { oldest: 0, kept: 2 })).toBe(2);
  expect(readEvents(store, {}).map(({ seq }) => seq)).toEqual([1, 4, 5]);
});
