const ESC = 27;
const BEL = 7;
const BACKSLASH = 92;
const SPACE = 32;
/** One of them, with all that is in it, is of this length at most; of a longer one nothing is believed. */
const BYTES_MAX = 8192;

/**
 * Finds the sequences of one kind in the output of a pane, which comes in pieces: `ESC ] NUMBER ; TEXT`, ended by BEL or ST (ECMA-48,
 * OSC).
 */
export class OscReader<T> {
  private readonly begin: Uint8Array;
  /** the beginning of one that has not ended */
  private rest: Uint8Array = new Uint8Array();

  /**
   * @param begin what they all begin with: `7501;`
   * @param read what the text after that says; undefined for nothing
   */
  constructor(
    begin: string,
    private readonly read: (text: string) => T | undefined,
  ) {
    this.begin = new TextEncoder().encode(`\u001b]${begin}`);
  }

  /** What is said by those that end in this piece, in order. */
  push(bytes: Uint8Array): T[] {
    const { begin } = this;
    const data = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const found: T[] = [];
    const buffer = Buffer.from(data.buffer, data.byteOffset, data.length);
    let at = buffer.indexOf(begin);
    while (at !== -1) {
      const from = at + begin.length;
      const end = endOf(data, from);
      if (end === undefined) {
        this.rest = data.slice(at);
        return found;
      }
      const said = end.isEnd ? this.read(buffer.toString("latin1", from, end.at)) : undefined;
      if (said !== undefined) found.push(said);
      at = buffer.indexOf(begin, end.at);
    }
    this.rest = beginningAt(data, begin);
    return found;
  }
}

/** Where a sequence ends, and whether as it should; undefined where it goes on. One in which another one begins has not ended. */
function endOf(data: Uint8Array, from: number): { at: number; isEnd: boolean } | undefined {
  for (let at = from; at < data.length; at++) {
    const byte = data[at] ?? 0;
    if (byte === BEL) return { at, isEnd: true };
    if (byte === ESC && at + 1 === data.length) return undefined;
    if (byte === ESC) return { at, isEnd: data[at + 1] === BACKSLASH };
    if (byte < SPACE || at - from >= BYTES_MAX) return { at, isEnd: false };
  }
  return undefined;
}

/** What at the end may be the beginning of one. */
function beginningAt(data: Uint8Array, begin: Uint8Array): Uint8Array {
  for (let length = Math.min(begin.length - 1, data.length); length > 0; length--) {
    const end = data.subarray(data.length - length);
    if (end.every((byte, i) => byte === begin[i])) return end.slice();
  }
  return new Uint8Array();
}
