import { expect, test } from "bun:test";
import { Memory } from "../../../src/daemon/memory.ts";

const MB = 1_000_000;

function runtime() {
  const it = { mb: 60, time: 0, collected: 0, atOnce: 0, garbage: 0, isSlow: false };
  const memory = new Memory({
    ownBytes: () => (it.mb + it.garbage) * MB,
    beginToCollect: () => {
      it.collected++;
      if (!it.isSlow) it.garbage = 0;
    },
    collect: () => {
      it.collected++;
      it.atOnce++;
      it.garbage = 0;
    },
    releaseCode: () => {},
    now: () => it.time,
  });
  /** output of so many megabytes, each of which leaves so much garbage, or takes memory that stays */
  const write = (mb: number, each: { garbage?: number; stays?: number } = {}) => {
    for (let i = 0; i < mb; i++) {
      it.time += 100;
      it.garbage += each.garbage ?? 0;
      it.mb += each.stays ?? 0;
      memory.read(MB);
    }
  };
  return { it, memory, write };
}

test("garbage is collected as memory grows, and not before", () => {
  const { it, write } = runtime();
  write(2, { garbage: 5 });
  expect(it.collected).toBe(0);
  write(1, { garbage: 5 });
  expect(it.collected).toBe(1);
  write(400);
  expect(it.collected).toBe(1);
  expect(it.atOnce).toBe(0); // which would hold up who reads
});

test("it is collected at once where it grows faster than it is collected", () => {
  const { it, write } = runtime();
  it.isSlow = true;
  write(4, { garbage: 5 });
  expect([it.collected, it.atOnce]).toEqual([1, 0]);
  write(1, { garbage: 5 });
  expect([it.collected, it.atOnce]).toEqual([2, 1]);
  write(400);
  expect(it.collected).toBe(2);
});

test("what it has grown by is given back once all is quiet, however little was written", () => {
  const { it, memory } = runtime();
  it.garbage = 11;
  for (let i = 0; i < 3; i++) memory.tick();
  expect(it.atOnce).toBe(0);
  it.garbage = 12;
  for (let i = 0; i < 3; i++) memory.tick();
  expect(it.atOnce).toBe(1);
});

test("what is needed is no reason to collect again and again", () => {
  const { it, write } = runtime();
  write(120, { stays: 1 });
  expect(it.collected).toBe(10);
  write(1000);
  expect(it.collected).toBe(10);
});

test("it is looked at seldom: not for each byte, nor twice in a moment", () => {
  const { it, memory } = runtime();
  it.garbage = 100;
  for (let i = 0; i < 900; i++) memory.read(1000);
  expect(it.collected).toBe(0);
  memory.read(200_000);
  expect(it.collected).toBe(1);
  it.time += 100;
  memory.read(MB); // by now it has been
  it.garbage = 100;
  memory.read(5 * MB);
  expect(it.collected).toBe(1);
  it.time += 100;
  memory.read(1);
  expect(it.collected).toBe(2);
});

test("what a flood took is given back once all is quiet, and once only", () => {
  const { it, memory, write } = runtime();
  write(20);
  memory.tick();
  expect(it.collected).toBe(0); // not quiet yet
  memory.tick();
  memory.tick();
  expect(it.collected).toBe(1);
  write(2);
  for (let i = 0; i < 3; i++) memory.tick();
  expect(it.collected).toBe(1);
  for (let i = 0; i < 10; i++) memory.freed();
  memory.tick();
  expect(it.collected).toBe(2);
});
