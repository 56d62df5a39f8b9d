import { expect, test } from "bun:test";
import { closeSync } from "node:fs";
import { pipeEnds } from "../../../src/lib/libc.ts";
import { writeSome } from "../../../src/top/terminal.ts";

test.skipIf(process.platform !== "linux")("what takes nothing now may later; what has gone never will", () => {
  const { read, write } = pipeEnds() as { read: number; write: number };
  try {
    const bytes = new Uint8Array(64 * 1024);
    let written = 0;
    for (let count = -1; count !== 0; written += count) count = writeSome(write, bytes);
    expect(written).toBeGreaterThan(0);
  } finally {
    closeSync(read);
  }
  // nobody reads it any more
  expect(() => writeSome(write, Uint8Array.of(1))).toThrow("The terminal has gone");
  closeSync(write);
});
