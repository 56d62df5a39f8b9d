import { describe, expect, test } from "bun:test";
import {
  countQueued,
  dropCallbacks,
  expireCallbacks,
  failedCallbacks,
  finishCallback,
  isBacklogged,
  noteProcess,
  pruneCallbacks,
  putBack,
  requeue,
  runningCallbacks,
  takeQueued,
} from "../../../src/store/callbacks.ts";
import { addEvent, recordEvent } from "../../../src/store/events.ts";
import { endSubscription, UNSUBSCRIBED } from "../../../src/store/subscriptions.ts";
import { event, memoryStore, subscribed } from "./stores.ts";

const free = () => false;

test("callbacks are taken in turns over the subscriptions, each one's oldest first", () => {
  using store = memoryStore();
  const [a, b, c] = [subscribed(store), subscribed(store), subscribed(store)];
  for (let i = 0; i < 3; i++) recordEvent(store, event(), [{ subscription: a }]);
  recordEvent(store, event(), [{ subscription: b }, { subscription: c }]);
  const taken: [number, number][] = [];
  let last = 0;
  for (let one = takeQueued(store, { last, isFull: free }); one; one = takeQueued(store, { last, isFull: free })) {
    last = one.row.subscription;
    taken.push([one.row.subscription, one.event.seq]);
  }
  expect(taken).toEqual([
    [a.id, 1],
    [b.id, 4],
    [c.id, 4],
    [a.id, 2],
    [a.id, 3],
  ]);
});

test("those of a subscription that somebody ends are dropped, and not run again", () => {
  using store = memoryStore();
  const [a, b] = [subscribed(store), subscribed(store)];
  for (let i = 0; i < 3; i++) recordEvent(store, event(), [{ subscription: a }, { subscription: b }]);
  const running = takeQueued(store, { last: 0, isFull: free });
  expect(running?.row.subscription).toBe(a.id);
  endSubscription(store, a.id, UNSUBSCRIBED);
  expect(dropCallbacks(store, a.id)).toEqual({ dropped: 2, running: 1 });
  expect(countQueued(store)).toBe(3);
  requeue(store, running?.row.id ?? 0);
  expect([countQueued(store), runningCallbacks(store)]).toEqual([3, []]);
  // one that has ended by itself has fired for what waits
  const other = takeQueued(store, { last: a.id, isFull: free });
  endSubscription(store, b.id, "fired");
  requeue(store, other?.row.id ?? 0);
  expect(countQueued(store)).toBe(3);
});

test("one that has its share of the slots is passed over", () => {
  using store = memoryStore();
  const [a, b] = [subscribed(store), subscribed(store)];
  recordEvent(store, event(), [{ subscription: a }]);
  expect(takeQueued(store, { last: 0, isFull: (id) => id === a.id })).toBeUndefined();
  recordEvent(store, event(), [{ subscription: b }]);
  expect(takeQueued(store, { last: b.id, isFull: (id) => id === a.id })?.row.subscription).toBe(b.id);
});

test("of 100,000 that wait the next is found at once", () => {
  using store = memoryStore();
  const [flood, other] = [subscribed(store), subscribed(store)];
  const { seq } = recordEvent(store, event(), []);
  store.run(
    `INSERT INTO callbacks (seq, subscription, command, state)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
     SELECT ${seq}, ${flood.id}, 'true', 'queued' FROM n`,
  );
  recordEvent(store, event(), [{ subscription: other }]);
  const start = performance.now();
  for (let i = 0; i < 50; i++) takeQueued(store, { last: 0, isFull: free });
  expect(takeQueued(store, { last: 0, isFull: (id) => id === flood.id })?.row.subscription).toBe(other.id);
  expect(performance.now() - start).toBeLessThan(500); // 50 scans of all of them take seconds
});

test("what is taken comes with its event and the folder of its subscription, and counts as an attempt", () => {
  using store = memoryStore();
  const subscription = subscribed(store, { cwd: "/srv" });
  recordEvent(store, event({ message: "hello" }), [{ subscription }]);
  const taken = takeQueued(store, { last: 0, isFull: free });
  expect(taken).toMatchObject({ row: { attempt: 1, command: "true" }, event: { message: "hello" }, cwd: "/srv" });
  noteProcess(store, taken?.row.id ?? 0, { pid: 5, startTime: 6 });
  expect(runningCallbacks(store)).toMatchObject([{ pid: 5, start_time: 6 }]);
});

test("a callback whose event can't be read stays in the queue", () => {
  using store = memoryStore();
  recordEvent(store, event(), [{ subscription: subscribed(store) }]);
  store.run("ALTER TABLE events RENAME TO elsewhere");
  expect(() => takeQueued(store, { last: 0, isFull: free })).toThrow();
  expect([countQueued(store), runningCallbacks(store)]).toEqual([1, []]);
});

test("a callback whose event is gone is over, and the next is taken", () => {
  using store = memoryStore();
  const subscription = subscribed(store);
  for (let i = 0; i < 2; i++) recordEvent(store, event(), [{ subscription }]);
  store.run("DELETE FROM events WHERE seq = 1");
  expect(takeQueued(store, { last: 0, isFull: free })?.event.seq).toBe(2);
  expect(countQueued(store)).toBe(0);
});

test("one that was cut short has had its attempt; one that could not be started has not", () => {
  using store = memoryStore();
  recordEvent(store, event(), [{ subscription: subscribed(store) }]);
  const attempts = [requeue, putBack, requeue].map((give) => {
    const row = takeQueued(store, { last: 0, isFull: free })?.row;
    give(store, row?.id ?? 0);
    return row?.attempt;
  });
  expect(attempts).toEqual([1, 2, 2]);
  const row = takeQueued(store, { last: 0, isFull: free })?.row;
  finishCallback(store, row?.id ?? 0);
  requeue(store, row?.id ?? 0); // too late
  expect(countQueued(store)).toBe(0);
});

test("whether a subscription's callbacks pile up", () => {
  using store = memoryStore();
  const [a, b] = [subscribed(store), subscribed(store)];
  for (let i = 0; i < 3; i++) recordEvent(store, event(), [{ subscription: a }]);
  expect([isBacklogged(store, a.id, 3), isBacklogged(store, a.id, 4), isBacklogged(store, b.id, 1)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("those of events before a time expire, and are removed with their events", () => {
  using store = memoryStore();
  const subscription = subscribed(store);
  for (let i = 0; i < 2; i++) recordEvent(store, event(), [{ subscription }]);
  store.run("UPDATE events SET at = 1000 WHERE seq = 1");
  expect(expireCallbacks(store, 2000)).toBe(1);
  expect(countQueued(store)).toBe(1);
  store.run("DELETE FROM events WHERE seq = 1");
  pruneCallbacks(store);
  expect(store.query("SELECT seq FROM callbacks").values()).toEqual([[2]]);
});

describe("the subscriptions whose last callbacks failed", () => {
  /** Those that are found after callbacks that ended so, as `subscription exit_code`, oldest first: each with how many. */
  function after(ends: [number, number][], now = Date.now()) {
    using store = memoryStore();
    for (const [subscription, exit_code] of ends) {
      addEvent(store, event({ event_type: "callback", data: { subscription, exit_code } }));
    }
    return failedCallbacks(store, now).map(({ subscription, count, last }) => [subscription, count, last.seq]);
  }

  test.each<[string, [number, number][], number[][]]>([
    [
      "all of the last three, with the newest",
      [
        [1, 0],
        [1, 127],
        [2, 1],
        [1, 127],
        [2, 0],
        [1, 127],
      ],
      [[1, 3, 6]],
    ],
    [
      "two, each of which has failed once and never worked: the newer one first",
      [
        [1, 1],
        [2, 1],
      ],
      [
        [2, 1, 2],
        [1, 1, 1],
      ],
    ],
    [
      "one that works again",
      [
        [1, 1],
        [1, 0],
      ],
      [],
    ],
  ])("%s", (_, ends, expected) => {
    expect(after(ends)).toEqual(expected);
  });

  test("what is long ago does not count", () => {
    expect(after([[1, 1]], Date.now() + 2 * 86_400_000)).toEqual([]);
  });
});
