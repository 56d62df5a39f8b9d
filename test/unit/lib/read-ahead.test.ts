import { expect, test } from "bun:test";
import { ReadAhead } from "../../../src/lib/read-ahead.ts";

const MB = 1024 * 1024;

/** A stream that gives what it is told to. */
function source() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (it) => {
        controller = it;
      },
    },
    { highWaterMark: 0 },
  );
  return {
    reader: stream.getReader() as ReadableStreamDefaultReader<Uint8Array>,
    give: (piece: Uint8Array) => controller?.enqueue(piece),
    close: () => controller?.close(),
    fail: (thrown: Error) => controller?.error(thrown),
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const text = (data: Uint8Array | undefined) => data && Buffer.from(data).toString();

test("what came while nobody asked comes as one piece, in order, and then the end", async () => {
  const from = source();
  const sizes: number[] = [];
  const ahead = new ReadAhead(from.reader, MB, (bytes) => {
    sizes.push(bytes);
    return 0;
  });
  for (const piece of ["one ", "two ", "three"]) from.give(Buffer.from(piece));
  await turn();
  expect(sizes).toEqual([4, 4, 5]);
  expect(text(await ahead.next())).toBe("one two three");
  const next = ahead.next();
  from.give(Buffer.from("four"));
  expect(text(await next)).toBe("four");
  from.give(Buffer.from("five"));
  from.close();
  await turn();
  expect(text(await ahead.next())).toBe("five");
  expect(await ahead.next()).toBeUndefined();
  expect(await ahead.next()).toBeUndefined();
});

test("no piece is larger than 256 KB, but for one that was so when it came", async () => {
  const from = source();
  const ahead = new ReadAhead(from.reader, 8 * MB, () => 0);
  for (const size of [100_000, 100_000, 100_000, MB, 10]) from.give(new Uint8Array(size));
  await turn();
  const sizes = [];
  for (let i = 0; i < 4; i++) sizes.push((await ahead.next())?.length);
  expect(sizes).toEqual([200_000, 100_000, MB, 10]);
});

test("no more is read than is asked for, until some of it was taken", async () => {
  let reads = 0;
  const read = async () => {
    reads++;
    return { done: false, value: new Uint8Array(MB / 2) };
  };
  const ahead = new ReadAhead({ read } as unknown as ReadableStreamDefaultReader<Uint8Array>, 2 * MB, () => 0);
  for (let i = 0; i < 5; i++) await turn();
  expect(reads).toBe(4);
  expect((await ahead.next())?.length).toBe(MB / 2);
  for (let i = 0; i < 5; i++) await turn();
  expect(reads).toBe(5);
  ahead.stop();
});

test("nothing is read while it rests", async () => {
  let reads = 0;
  const read = async () => {
    reads++;
    return { done: false, value: new Uint8Array(10) };
  };
  let restMs = 60_000;
  const ahead = new ReadAhead({ read } as unknown as ReadableStreamDefaultReader<Uint8Array>, MB, () => restMs);
  expect((await ahead.next())?.length).toBe(10);
  for (let i = 0; i < 5; i++) await turn();
  expect(reads).toBe(1);
  restMs = 0;
  ahead.stop();
});

test("many at once read no more ahead than 32 MB, and a piece each", async () => {
  const read = async () => ({ done: false, value: new Uint8Array(MB / 4) });
  const many = Array.from(
    { length: 20 },
    () => new ReadAhead({ read } as unknown as ReadableStreamDefaultReader<Uint8Array>, 8 * MB, () => 0),
  );
  for (let i = 0; i < 50; i++) await turn();
  const bytes = many.reduce((sum, one) => sum + one.bytes, 0);
  expect(bytes).toBeWithin(32 * MB, 38 * MB);
  for (const one of many) expect(one.bytes).toBeGreaterThan(0);
  // what is stopped leaves room
  for (const one of many.slice(1)) one.stop();
  for (let i = 0; i < 50; i++) {
    await many[0]?.next();
    await turn();
  }
  expect(many[0]?.bytes).toBe(8 * MB);
  many[0]?.stop();
});

test("what reading throws comes after all that was read", async () => {
  const from = source();
  const ahead = new ReadAhead(from.reader, MB, () => 0);
  from.give(Buffer.from("one"));
  await turn();
  from.fail(new Error("gone"));
  await turn();
  expect(text(await ahead.next())).toBe("one");
  expect(ahead.isAtEnd).toBe(true);
  await expect(ahead.next()).rejects.toThrow("gone");
});
