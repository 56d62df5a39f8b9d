import { expect, test } from "bun:test";
import { outputOf } from "../../../src/daemon/pane-output.ts";
import type { Tap, WatchedPane } from "../../../src/daemon/watched-pane.ts";

const MB = 1024 * 1024;

/** A pane that is heard, whose output is passed on to one reader; `left` is how often that was told to have ended. */
function passedOn() {
  const taps = new Set<Tap>();
  const pane = { tap: (tap: Tap) => void taps.add(tap), untap: (tap: Tap) => void taps.delete(tap) };
  const gone = new AbortController();
  const state = { left: 0 };
  const stream = outputOf(pane as unknown as WatchedPane, gone.signal, () => void state.left++);
  const reader = stream.getReader();
  const write = (bytes: Uint8Array | undefined) => {
    for (const tap of taps) tap(bytes);
  };
  const read = async () => {
    const { value } = await reader.read();
    return value && new TextDecoder().decode(value);
  };
  return { taps, gone, state, reader, write, read };
}

test("what the pane writes comes byte for byte, behind the first byte of the answer", async () => {
  const { write, read } = passedOn();
  const bytes = new TextEncoder().encode("one");
  write(bytes);
  bytes.fill(0); // the buffer is used again
  write(Buffer.from("two"));
  expect([await read(), await read(), await read()]).toEqual(["\n", "one", "two"]);
});

test.each<[string, (passed: ReturnType<typeof passedOn>) => unknown]>([
  ["the pane is not heard any more", ({ write }) => write(undefined)],
  ["its reader is gone", ({ gone }) => gone.abort()],
])("it ends when %s, and is told so once", async (_, end) => {
  const passed = passedOn();
  passed.write(Buffer.from("last"));
  end(passed);
  passed.gone.abort();
  passed.write(Buffer.from("more"));
  expect([await passed.read(), await passed.read(), await passed.read()]).toEqual(["\n", "last", undefined]);
  expect([passed.state.left, passed.taps.size]).toEqual([1, 0]);
});

test("a reader that gives up ends it, too", async () => {
  const { reader, state, taps } = passedOn();
  await reader.cancel();
  expect([state.left, taps.size]).toEqual([1, 0]);
});

test("what is too much for its reader ends it, rather than to leave something out", async () => {
  const { write, reader, state } = passedOn();
  for (let i = 0; i < 30 && state.left === 0; i++) write(new Uint8Array(MB));
  expect(state.left).toBe(1);
  let bytes = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length;
  // all that was taken, and it is far more than a pause of its reader
  expect([bytes % MB, bytes > 15 * MB, bytes < 20 * MB]).toEqual([1, true, true]);
});
