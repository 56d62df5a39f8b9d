import { expect, test } from "bun:test";
import { EventQueue } from "../../../src/panes/event-queue.ts";

const data = (size: number) => ({ type: "data" as const, data: new Uint8Array(size) });
const never = Number.POSITIVE_INFINITY;

test("events come in order, also to one who waits; a deadline ends the wait", async () => {
  const queue = new EventQueue();
  queue.add(data(1));
  queue.add(data(2));
  expect(await queue.next(never)).toEqual(data(1));
  expect(await queue.next(never)).toEqual(data(2));
  const waiting = queue.next(never);
  queue.add(data(3));
  expect(await waiting).toEqual(data(3));
  expect(await queue.next(performance.now() - 1)).toBeUndefined();
  expect(await queue.next(performance.now() + 5)).toBeUndefined();
});

test("much data comes in pieces, and others get their turn between them", async () => {
  const queue = new EventQueue();
  queue.add({ type: "data", data: new Uint8Array(100_000).map((_, i) => i % 251) });
  const sizes: number[] = [];
  const bytes: number[] = [];
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  for (let i = 0; i < 4; i++) {
    const event = await queue.next(never);
    if (event?.type !== "data") break;
    sizes.push(event.data.length);
    bytes.push(...event.data);
    Bun.sleepSync(8);
  }
  clearInterval(timer);
  expect(sizes).toEqual([32_768, 32_768, 32_768, 1696]);
  expect(bytes.findIndex((byte, i) => byte !== i % 251)).toBe(-1);
  expect(turns).toBeGreaterThan(1);
});

test("a failure comes after what was there, an abort at once", async () => {
  const queue = new EventQueue();
  queue.add(data(1));
  queue.fail("broken");
  expect(await queue.next(never)).toEqual(data(1));
  expect(queue.next(never)).rejects.toBe("broken");
  const aborted = new EventQueue();
  aborted.add(data(1));
  aborted.abort("stop");
  aborted.add(data(2));
  expect(aborted.next(never)).rejects.toBe("stop");
});

test("whoever writes too much waits until there is room", async () => {
  const queue = new EventQueue();
  await queue.room();
  for (let i = 0; i < 65; i++) queue.add(data(1024 * 1024));
  let isFree = false;
  const room = queue.room().then(() => {
    isFree = true;
  });
  await Promise.resolve();
  expect(isFree).toBe(false);
  for (let i = 0; !isFree && i < 64; i++) await queue.next(never);
  await room;
  queue.close();
  for (let i = 0; i < 70; i++) queue.add(data(1024 * 1024));
  await queue.room();
});
