import { linux, waitReadable } from "./libc.ts";
import { within } from "./wait.ts";

const PIECE_BYTES = 16 * 1024; // a large one costs a garbage collector's look

/**
 * All that this program is given on its standard input, read to its end so that nobody who writes there fails; undefined when
 * that has not come within so many milliseconds, can't be read, or is more than `maxBytes`. Nobody else may read it.
 */
export async function readStdin(maxBytes: number, timeoutMs: number): Promise<string | undefined> {
  const c = linux();
  // Bun's way, which takes as long as half a start
  if (c === null) {
    const bytes = await within(timeoutMs, Bun.stdin.bytes()).catch(() => undefined);
    return bytes && bytes.length <= maxBytes ? decode([bytes]) : undefined;
  }
  const end = performance.now() + timeoutMs;
  const pieces: Uint8Array[] = [];
  for (let total = 0; ; ) {
    const left = end - performance.now();
    if (left <= 0 || !waitReadable(0, Math.ceil(left))) return undefined;
    const piece = new Uint8Array(PIECE_BYTES);
    const count = Number(c.read(0, piece, PIECE_BYTES));
    if (count < 0) return undefined;
    if (count === 0) return total <= maxBytes ? decode(pieces) : undefined;
    total += count;
    if (total <= maxBytes) pieces.push(piece.subarray(0, count));
  }
}

function decode(pieces: Uint8Array[]): string {
  return new TextDecoder().decode(pieces.length === 1 ? pieces[0] : Bun.concatArrayBuffers(pieces));
}
