// "text" is what is shown, or moves what is shown; "c2" may become a C1 character, "esc" the beginning of a string
type State = "text" | "c2" | "esc" | "osc" | "string" | "dcs" | "dcs-body" | "dcs-esc";

const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const BACKSLASH = 0x5c;
const C2 = 0xc2;
const ESC_BYTES = Uint8Array.of(ESC);
const C2_BYTES = Uint8Array.of(C2);
/** After so long tmux takes a string that has not ended for one that won't, and shows what follows. */
const STRING_MAX_MS = 5000;
const LINK_MAX = 4096;

/**
 * Takes out of a pane's output what tmux never shows but a terminal emulator might show, or be held up by: strings for the
 * terminal (OSC, DCS, APC, PM, SOS, and tmux's own ESC k for titles) and the control characters U+0080 to U+009F. A string
 * ends where it does for tmux (input.c): at ST, at CAN or SUB, with the next escape sequence, or after five seconds. Feed it
 * chunks as they come, in any split.
 */
export class ScreenFilter {
  private state: State = "text";
  private startedAt = 0;
  /** the OSC so far, when links are kept */
  private link: number[] = [];

  /** @param options.links keep hyperlinks (OSC 8) */
  constructor(private readonly options: { links: boolean } = { links: false }) {}

  /**
   * What there is to show of a chunk: the chunk itself where nothing is taken out.
   * @param now ms of performance.now()
   */
  push(chunk: Uint8Array, now = performance.now()): Uint8Array {
    const isString = this.state !== "text" && this.state !== "c2" && this.state !== "esc";
    if (isString && now - this.startedAt >= STRING_MAX_MS) this.state = "text";
    if (this.state === "text" && chunk.indexOf(ESC) === -1 && chunk.indexOf(C2) === -1) return chunk;
    const kept: Uint8Array[] = [];
    for (let at = 0; at < chunk.length; ) {
      at = this.state === "text" ? this.takeText(chunk, at, kept) : this.takeByte(chunk, at, now, kept);
    }
    return Buffer.concat(kept);
  }

  /** An escape sequence has been taken out of the output here, by who read it: a string that had not ended ends with it. */
  interrupt(): void {
    const isBody = this.state === "dcs-body" || this.state === "dcs-esc";
    this.state = isBody ? "dcs-body" : "text";
  }

  /** Keeps what is shown as it is, up to an escape sequence or a C1 character; returns where to go on. */
  private takeText(chunk: Uint8Array, from: number, kept: Uint8Array[]): number {
    let at = from;
    for (; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === ESC) {
        if (isShown(chunk[at + 1])) continue;
        this.state = "esc";
        break;
      }
      if (byte === C2 && isC1(chunk[at + 1])) {
        this.state = "c2";
        break;
      }
    }
    if (at > from) kept.push(chunk.subarray(from, at));
    return at + 1;
  }

  private takeByte(chunk: Uint8Array, at: number, now: number, kept: Uint8Array[]): number {
    const byte = chunk[at] ?? 0;
    switch (this.state) {
      case "c2":
        this.state = "text";
        if (isC1(byte)) return at + 1;
        kept.push(C2_BYTES);
        return at;
      case "esc":
        return this.takeEscape(chunk, at, now, kept);
      case "dcs":
        if (byte === 0x3a) this.state = "string";
        else if (byte >= 0x40 && byte <= 0x7e) this.state = "dcs-body";
        else this.endAt(byte);
        return at + 1;
      case "dcs-body": {
        const end = chunk.indexOf(ESC, at);
        if (end === -1) return chunk.length;
        this.state = "dcs-esc";
        return end + 1;
      }
      case "dcs-esc":
        this.state = byte === BACKSLASH ? "text" : "dcs-body";
        return at + 1;
      case "osc":
        if (byte === BEL || byte === CAN || byte === SUB || byte === ESC) this.endLink(kept);
        else if (this.options.links && byte >= 0x20 && this.link.length <= LINK_MAX) this.link.push(byte);
        if (byte === BEL) this.state = "text";
        else this.endAt(byte);
        return at + 1;
      default:
        this.endAt(byte);
        return at + 1;
    }
  }

  private takeEscape(chunk: Uint8Array, at: number, now: number, kept: Uint8Array[]): number {
    const byte = chunk[at] ?? 0;
    if (byte === ESC || byte >= 0x7f) return at + 1; // tmux takes no notice of them
    if (byte === CAN || byte === SUB || byte === BACKSLASH) {
      this.state = "text";
      return at + 1;
    }
    if (byte < 0x20) {
      kept.push(chunk.subarray(at, at + 1));
      return at + 1;
    }
    const string = STRINGS[String.fromCharCode(byte)];
    if (string === undefined) {
      this.state = "text";
      kept.push(ESC_BYTES);
      return at;
    }
    this.state = string;
    this.startedAt = now;
    this.link = [];
    return at + 1;
  }

  private endAt(byte: number): void {
    if (byte === ESC) this.state = "esc";
    else if (byte === CAN || byte === SUB) this.state = "text";
  }

  private endLink(kept: Uint8Array[]): void {
    if (!this.options.links || this.link.length > LINK_MAX) return;
    const text = Buffer.from(this.link).toString("utf8");
    if (text.startsWith("8;") && !/[\x00-\x1f\x7f-\x9f]/.test(text)) kept.push(Buffer.from(`\x1b]${text}\x1b\\`));
  }
}

/** Whether a byte after ESC, if it has come, makes no string and nothing that ends one: colours, most often. */
function isShown(byte: number | undefined): boolean {
  const isPrinted = byte !== undefined && byte >= 0x20 && byte < 0x7f;
  return isPrinted && byte !== BACKSLASH && STRINGS[String.fromCharCode(byte)] === undefined;
}

const STRINGS: Record<string, State | undefined> = {
  P: "dcs",
  "]": "osc",
  X: "string",
  "^": "string",
  _: "string",
  k: "string",
};

/** Whether a byte after C2 makes a C1 character, or may, when it has not come yet. */
function isC1(byte: number | undefined): boolean {
  return byte === undefined || (byte >= 0x80 && byte <= 0x9f);
}
