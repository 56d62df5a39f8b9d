import { afterEach, beforeEach, expect, test } from "bun:test";
import { EventFeed } from "../../../src/daemon/feed.ts";
import type { EventsQuery } from "../../../src/ipc/protocol.ts";
import type { Store } from "../../../src/store/database.ts";
import { addEvent } from "../../../src/store/events.ts";
import { event, memoryStore } from "../store/stores.ts";

let store: Store;
beforeEach(() => {
  store = memoryStore();
});
afterEach(() => store.close());

/** Writes so many events to the log. */
function write(count: number, more: Parameters<typeof event>[0] = {}): void {
  for (let i = 0; i < count; i++) addEvent(store, event(more));
}

/** One who follows; `take` gives the numbers of the events that come next, undefined at the end. */
function follow(feed: EventFeed, query: Partial<EventsQuery>, signal = new AbortController().signal) {
  const reader = feed.stream(query as EventsQuery, signal).getReader();
  const read = async () => {
    const { value } = await reader.read();
    return value && new TextDecoder().decode(value);
  };
  const take = async () => {
    const lines = (await read())?.split("\n").filter((line) => line !== "");
    return lines?.map((line) => JSON.parse(line).seq as number);
  };
  return { reader, read, take };
}

test("the answer begins at once, with an empty line", async () => {
  expect(await follow(new EventFeed(store), {}).read()).toBe("\n");
});

test("who asks from a number on gets what is there, and then what comes, each once", async () => {
  const feed = new EventFeed(store);
  write(3);
  const { take } = follow(feed, { since: 1 });
  expect([await take(), await take()]).toEqual([[], [2, 3]]);
  const next = take();
  write(1);
  feed.publish();
  expect(await next).toEqual([4]);
});

test("who asks for nothing gets what comes", async () => {
  const feed = new EventFeed(store);
  write(3);
  const { take } = follow(feed, {});
  await take();
  const next = take();
  write(2);
  feed.publish();
  expect(await next).toEqual([4, 5]);
});

test("more than is read at once comes in order, without a gap", async () => {
  const feed = new EventFeed(store);
  write(450);
  const { take } = follow(feed, { since: 0 });
  const all: number[] = [];
  await take();
  while (all.length < 450) all.push(...((await take()) ?? []));
  expect(all).toEqual(Array.from({ length: 450 }, (_, i) => i + 1));
});

test("of one type only those come, and of the others none later", async () => {
  const feed = new EventFeed(store);
  write(250);
  write(1, { event_type: "timeout" });
  const { take } = follow(feed, { since: 0, type: "timeout" });
  expect([await take(), await take()]).toEqual([[], [251]]);
  const next = take();
  write(1);
  feed.publish();
  write(1, { event_type: "timeout", session: "other" });
  feed.publish();
  expect(await next).toEqual([253]);
});

test("of one session only those come", async () => {
  const feed = new EventFeed(store);
  write(1);
  write(1, { session: "other" });
  const { take } = follow(feed, { since: 0, session: "other" });
  expect([await take(), await take()]).toEqual([[], [2]]);
});

test("every one who follows is told", async () => {
  const feed = new EventFeed(store);
  const all = [follow(feed, {}), follow(feed, {})];
  for (const { take } of all) await take();
  const next = all.map(({ take }) => take());
  write(1);
  feed.publish();
  expect(await Promise.all(next)).toEqual([[1], [1]]);
});

test("it ends when the daemon does, or when who follows is gone", async () => {
  const feed = new EventFeed(store);
  const gone = new AbortController();
  const [leaving, staying, cancelled] = [follow(feed, {}, gone.signal), follow(feed, {}), follow(feed, {})];
  for (const { take } of [leaving, staying, cancelled]) await take();
  const ends = [leaving.take(), staying.take(), cancelled.take()];
  gone.abort();
  expect(await ends[0]).toBeUndefined();
  await cancelled.reader.cancel();
  expect(await ends[2]).toBeUndefined();
  feed.close();
  expect(await ends[1]).toBeUndefined();
});
