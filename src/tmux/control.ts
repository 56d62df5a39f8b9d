/** What a line of tmux's control mode means (tmux(1), CONTROL MODE). */
export type ControlEvent =
  | { type: "reply"; lines: string[]; isError: boolean; isOurs: boolean }
  | { type: "output"; pane: string; data: Uint8Array }
  | { type: "notification"; name: string; rest: string };

/**
 * Turns the byte stream of a control client into events. Pure: feed it chunks as they come, in any split.
 * Lines are bytes, not text: `%output` may cut a character in two.
 */
export class ControlParser {
  private rest: Uint8Array = new Uint8Array();
  private block: { lines: string[]; isOurs: boolean; tag: string } | undefined;

  /** The events that end in this chunk, in order. */
  push(chunk: Uint8Array): ControlEvent[] {
    const data = this.rest.length === 0 ? chunk : concat(this.rest, chunk);
    const events: ControlEvent[] = [];
    let start = 0;
    for (let end = data.indexOf(NEWLINE, start); end !== -1; end = data.indexOf(NEWLINE, start)) {
      const event = this.line(data.subarray(start, end));
      if (event) events.push(event);
      start = end + 1;
    }
    this.rest = data.slice(start);
    return events;
  }

  private line(bytes: Uint8Array): ControlEvent | undefined {
    if (!this.block && startsWith(bytes, OUTPUT)) {
      const space = bytes.indexOf(SPACE, OUTPUT.length);
      const pane = text(bytes.subarray(OUTPUT.length, space));
      return { type: "output", pane, data: unescapeOutput(bytes.subarray(space + 1)) };
    }
    const line = text(bytes);
    if (this.block) {
      const [, kind, tag] = /^%(end|error) (\d+ \d+) \d+$/.exec(line) ?? [];
      // what a command prints may look like the end of its block; only the block's own number ends it
      if (kind === undefined || tag !== this.block.tag) {
        this.block.lines.push(line);
        return undefined;
      }
      const { lines, isOurs } = this.block;
      this.block = undefined;
      return { type: "reply", lines, isOurs, isError: kind === "error" };
    }
    const [, tag, flags] = /^%begin (\d+ \d+) (\d+)$/.exec(line) ?? [];
    if (tag !== undefined) {
      this.block = { lines: [], tag, isOurs: flags === "1" };
      return undefined;
    }
    const [, name, rest] = /^%(\S+) ?(.*)$/.exec(line) ?? [];
    return name === undefined ? undefined : { type: "notification", name, rest: rest ?? "" };
  }
}

/** The bytes that a pane wrote: tmux writes those below space, and backslash, as three octal digits. */
export function unescapeOutput(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === BACKSLASH && i + 3 < bytes.length) {
      out[length++] = ((bytes[i + 1] ?? 48) - 48) * 64 + ((bytes[i + 2] ?? 48) - 48) * 8 + ((bytes[i + 3] ?? 48) - 48);
      i += 3;
    } else {
      out[length++] = byte;
    }
  }
  return out.subarray(0, length);
}

const NEWLINE = 10;
const SPACE = 32;
const BACKSLASH = 92;
const OUTPUT = new TextEncoder().encode("%output ");
const decoder = new TextDecoder();

function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, i) => bytes[i] === byte);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
