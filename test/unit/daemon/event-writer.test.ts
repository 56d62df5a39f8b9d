import { expect, test } from "bun:test";
import { EventWriter } from "../../../src/daemon/event-writer.ts";
import type { Log } from "../../../src/lib/log.ts";

import { type EventRecord, type NewEvent, readEvents, recordEvent } from "../../../src/store/events.ts";
import { memoryStore } from "../store/stores.ts";

const event = (message: string): NewEvent => ({
  event_type: "timeout",
  session: "s",
  pane: "%0",
  pane_id: "0",
  label: "",
  message,
  data: {},
});

test("what waits has the time at which it was to be written", async () => {
  using store = memoryStore();
  const written: EventRecord[] = [];
  const log = { info: () => {}, error: () => {} } as unknown as Log;
  const writer = new EventWriter(log, (record) => written.push(record));
  let isFull = true;
  const one = event("a");
  const before = Date.now();
  writer.write([one], () => {
    if (isFull) throw new Error("database or disk is full");
    return [recordEvent(store, one, [])];
  });
  const after = Date.now();
  await Bun.sleep(20);
  isFull = false;
  writer.retry();
  const [record] = written;
  expect(Date.parse(record?.timestamp ?? "")).toBeWithin(before, after + 1);
  expect(record).not.toHaveProperty("at");
  expect(readEvents(store, {})).toEqual(written);
});

test("what can't be written waits, in order, is complained of once, and is written later", () => {
  const lines: string[] = [];
  const written: string[] = [];
  const log = { info: () => {}, error: (text: string) => lines.push(text) } as unknown as Log;
  const writer = new EventWriter(log, ({ message }) => written.push(message));
  let isFull = true;
  const write = (message: string) =>
    writer.write([event(message)], () => {
      if (isFull) throw new Error("database or disk is full");
      return [{ ...event(message), seq: 1, timestamp: "" } satisfies EventRecord];
    });
  for (const message of ["a", "b"]) write(message);
  writer.retry();
  expect([written, lines]).toEqual([[], ["events cannot be written, and wait: database or disk is full"]]);
  isFull = false;
  write("c");
  writer.retry();
  expect(written).toEqual(["a", "b", "c"]);
});
