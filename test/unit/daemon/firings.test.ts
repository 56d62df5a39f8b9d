import { afterEach, beforeEach, expect, test } from "bun:test";
import { ActiveSubscriptions } from "../../../src/daemon/active-subscriptions.ts";
import { EventWriter } from "../../../src/daemon/event-writer.ts";
import { Firings } from "../../../src/daemon/firings.ts";
import { countQueued } from "../../../src/store/callbacks.ts";
import type { Store } from "../../../src/store/database.ts";
import { readEvents } from "../../../src/store/events.ts";
import { activeSubscriptions, type NewSubscription } from "../../../src/store/subscriptions.ts";
import { memoryStore, subscribed } from "../store/stores.ts";

let store: Store;
beforeEach(() => {
  store = memoryStore();
});
afterEach(() => store.close());

/** Firings of one subscription, and how often it was told that one is spent. */
function firingsOf(more: Partial<NewSubscription> = {}) {
  const { id } = subscribed(store, more);
  const subscriptions = new ActiveSubscriptions(store);
  subscriptions.read();
  const writer = new EventWriter({ info() {}, error() {} }, () => {});
  const state = { spent: 0 };
  const firings = new Firings(store, writer, subscriptions, {
    spent: () => void state.spent++,
  });
  const match = (i: number) => {
    const line = `ERR ${i}`;
    const firing = { message: line, about: { pattern: "x" }, details: { line, match: `${i}` } };
    firings.fire(id, { ...firing, progress: () => `progress ${i}` });
  };
  return { id, firings, writer, state, match };
}

const progress = () => activeSubscriptions(store)[0]?.progress;
const matches = () => readEvents(store, { type: "pattern-match" });
const total = () => matches().reduce((sum, { data }) => sum + Number(data.count ?? 1), 0);

test("a flood is 200 events and one for the rest; it tells how many, the first and the last; all counts are exact", () => {
  const { id, firings, match } = firingsOf();
  for (let i = 1; i <= 5000; i++) match(i);
  expect([matches().length, progress()]).toEqual([200, "progress 200"]);
  firings.flush();
  expect(matches()).toHaveLength(201);
  expect(matches().at(-1)).toMatchObject({
    message: "ERR 201 (and 4799 more)",
    session: "dev",
    data: {
      subscription: id,
      pattern: "x",
      line: "ERR 201",
      match: "201",
      count: 4800,
      last_line: "ERR 5000",
      last_match: "5000",
    },
  });
  expect([total(), activeSubscriptions(store)[0]?.fired]).toEqual([5000, 5000]);
  expect([progress(), countQueued(store)]).toEqual(["progress 5000", 201]);
});

test("what is only counted when the daemon dies is not in the progress: it is found again", () => {
  const { match } = firingsOf();
  for (let i = 1; i <= 300; i++) match(i);
  expect([total(), progress()]).toEqual([200, "progress 200"]);
});

test("firings of any type are summed up, with all the details of the first and the last of them", () => {
  const { id, firings } = firingsOf({ type: "command-finished" });
  for (let i = 0; i < 300; i++) {
    const details = { exit_code: i % 3, duration_ms: i, command: `make ${i}` };
    firings.fire(id, { message: `exit code ${i % 3}`, details, progress: () => `prompt ${i}` });
  }
  firings.close();
  expect(readEvents(store, { type: "command-finished" }).at(-1)?.data).toEqual({
    subscription: id,
    exit_code: 2,
    duration_ms: 200,
    command: "make 200",
    count: 100,
    last_exit_code: 2,
    last_duration_ms: 299,
    last_command: "make 299",
  });
  expect(progress()).toBe("prompt 299");
});

test("one that fires once does, for the first line, and no more", () => {
  const { firings, match, state } = firingsOf({ once: true });
  for (let i = 1; i <= 1000; i++) match(i);
  firings.close();
  expect([matches().map(({ message }) => message), state.spent]).toEqual([["ERR 1"], 1]);
});

test("an event is of the type of its subscription, and need not say more than a sentence", () => {
  const { id, firings } = firingsOf({ type: "timeout", once: true, progress: "as it was" });
  firings.fire(id, { message: "deadline passed" });
  expect(readEvents(store, {})).toMatchObject([
    { event_type: "timeout", pane: "%0", message: "deadline passed", data: { subscription: id } },
  ]);
});

test("when its callbacks are behind, a subscription makes no more of them", () => {
  const { firings, match } = firingsOf();
  match(0);
  store.run(
    `INSERT INTO callbacks (seq, subscription, command, state)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     SELECT 1, 1, 'true', 'queued' FROM n`,
  );
  const other = firingsOf(); // begins to fire now
  store.run(`UPDATE callbacks SET subscription = ${other.id}`);
  for (let i = 1; i <= 100; i++) other.match(i);
  expect(countQueued(store)).toBe(1001);
  other.firings.close();
  expect([countQueued(store), matches().at(-1)?.data.count]).toEqual([1002, 100]);
  match(1); // the first goes on as before
  firings.close();
  expect(countQueued(store)).toBe(1003);
});

test("while the disk is full, no more than so many wait; then all of it is told", () => {
  const { firings, writer, match } = firingsOf();
  store.run("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  for (let round = 0; round < 20; round++) {
    for (let i = 1; i <= 201; i++) match(round * 201 + i);
    firings.flush();
  }
  expect(writer.waitingCount).toBeLessThanOrEqual(1000);
  store.run("DROP TRIGGER full");
  writer.retry();
  firings.close();
  expect(total()).toBe(20 * 201);
});
