import { sumOf } from "../lib/sum.ts";

// The text of a pane is stored in parts, each under the sum of what it holds. Where one ends is decided by its lines alone: a
// history that has grown, or has lost its first lines, has nearly all its parts in common with what it was before.

const LINES_MIN = 16;
const LINES_MAX = 1024;
/** One of so many lines ends a part: each is a file, and has to be synced. */
const ONE_IN = 256;

/** A part of a text. */
export interface Part {
  /** SHA-256 of the text, in hexadecimal */
  sum: string;
  text: string;
}

/** The parts of a text, in order, which make it when put together. Pure. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let [from, lines] = [0, 0];
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline + 1;
    lines++;
    const isEnd = lines >= LINES_MIN && Bun.hash.crc32(text.slice(at, end)) % ONE_IN === 0;
    if (isEnd || lines >= LINES_MAX || end === text.length) {
      const part = text.slice(from, end);
      parts.push({ sum: sumOf(part), text: part });
      [from, lines] = [end, 0];
    }
    at = end;
  }
  return parts;
}
