import { cut } from "../../lib/columns.ts";
import { paint } from "../../lib/toned.ts";
import { LineReader } from "../../panes/lines.ts";
import { movesRows } from "../../panes/text.ts";
import { styled } from "./styled.ts";

/** Where a live output is written, and how. */
export interface LiveOptions {
  width: number;
  isColor: boolean;
  /** writes to the terminal, all of it, and lets others do something while that has to wait */
  write(text: string): Promise<unknown>;
  /** is called before anything is written, with whether that is the beginning of a line, at which the cursor stays */
  before(isLineOpen: boolean): void;
}

/** What is shown of a line that has not ended, after so long a silence. */
const SILENCE_MS = 100;
/** So much may wait for a terminal that does not take it; what comes then is not shown. */
const WAITING_MAX = 8 * 1024 * 1024;
const ERASE = "\r\x1b[2K";
/** The switch to the alternate screen, and from it. */
const ALTERNATE = /\x1b\[\?(?:47|1047|1049)([hl])/;
/** An escape sequence that has only begun. */
const BEGUN = /\x1b(?:\[[0-9;?]{0,32})?$/;

/**
 * Shows what a command in a pane writes, line by line as it comes, with its colours; a line that has not ended is shown after
 * a moment, and written anew when it changes, as programs draw their progress. A full-screen program is not shown. What is
 * given is taken at once: who gives it never waits for the terminal.
 */
export class LiveOutput implements Disposable {
  private readonly decoder = new TextDecoder();
  private readonly encoder = new TextEncoder();
  private readonly reader: LineReader;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  /** what is done now, one after the other */
  private working: Promise<void> | undefined;
  private timer: Timer | undefined;
  private begun = "";
  private isAlternate = false;
  /** what is shown of the line that has not ended */
  private unfinished = "";
  private count = 0;
  /** whether the lines so far are those that are told in the end */
  private isWhole = true;
  /** whether the terminal was too slow for some of it */
  private isDropped = false;
  private isBroken = false;

  constructor(private readonly options: LiveOptions) {
    this.reader = new LineReader({ start: "", ansi: true });
  }

  /** Takes what was written. */
  push(piece: Uint8Array): void {
    if (this.waitingBytes > WAITING_MAX) {
      this.isWhole = false;
      this.isDropped = true;
      return;
    }
    this.waiting.push(piece);
    this.waitingBytes += piece.length;
    this.begin(() => this.pump());
  }

  /**
   * Shows all that has come, also a line that has not ended, and what is missing of the output.
   * @param text all that the command has written, as it is told in the end; "" where that is not known
   */
  async finish(text: string): Promise<void> {
    while (this.working) await this.working;
    clearTimeout(this.timer);
    const last = this.isAlternate ? "" : await this.reader.unfinished();
    const left = this.isWhole && text !== "" ? text.split("\n").slice(this.count) : [];
    const [first = last, ...more] = left;
    // with its colours
    const isSame = first.trimEnd() === Bun.stripANSI(last).trimEnd();
    await this.show(last !== "" && (left.length === 0 || isSame) ? [last, ...more] : left);
    if (this.isDropped) await this.note("some of its output is not shown here: it came too fast for this terminal");
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
    this.reader[Symbol.dispose]();
  }

  /** Does something, unless something else is done: then what waits is taken after that. */
  private begin(work: () => Promise<void>): void {
    clearTimeout(this.timer);
    this.working ??= work()
      .catch(() => {
        this.isWhole = false; // the command goes on, whatever can't be shown of it
      })
      .finally(() => {
        this.working = undefined;
        if (this.waiting.length > 0) this.begin(() => this.pump());
      });
  }

  private async pump(): Promise<void> {
    for (let piece = this.waiting.shift(); piece; piece = this.waiting.shift()) {
      this.waitingBytes -= piece.length;
      await this.take(this.begun + this.decoder.decode(piece, { stream: true }));
    }
    this.timer = setTimeout(() => this.begin(() => this.showUnfinished()), SILENCE_MS);
  }

  private async take(text: string): Promise<void> {
    this.begun = BEGUN.exec(text)?.[0] ?? "";
    const whole = text.slice(0, text.length - this.begun.length);
    for (const [i, part] of whole.split(ALTERNATE).entries()) {
      if (i % 2 === 1) await this.turn(part === "h");
      else if (!this.isAlternate) await this.read(part);
    }
  }

  private async read(text: string): Promise<void> {
    if (movesRows(text)) this.isWhole = false;
    const lines = await this.reader.read({ type: "data", data: this.encoder.encode(text) });
    this.count += lines.length;
    await this.show(lines);
  }

  private async turn(isAlternate: boolean): Promise<void> {
    this.isWhole = false;
    if (isAlternate && !this.isAlternate) {
      await this.note("a full-screen program has the pane: it is not shown here");
      this.reader.drop();
    }
    this.isAlternate = isAlternate;
  }

  private async note(words: string): Promise<void> {
    await this.show([paint(`(${words})`, "dim", this.options.isColor)]);
  }

  private async show(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const lead = this.unfinished === "" ? "" : ERASE;
    this.unfinished = "";
    const { isColor } = this.options;
    await this.write(`${lead}${lines.map((line) => `${styled(line, isColor)}\n`).join("")}`);
  }

  private async showUnfinished(): Promise<void> {
    const line = this.isAlternate ? "" : await this.reader.unfinished();
    const { width, isColor } = this.options;
    const text = line.trim() === "" ? "" : styled(cut(line, width - 1), isColor);
    if (text !== this.unfinished) {
      this.unfinished = text;
      await this.write(`${ERASE}${text}`);
    }
  }

  /** A terminal that has gone takes nothing: that is no failure of the command. */
  private async write(text: string): Promise<void> {
    this.options.before(this.unfinished !== "");
    try {
      if (!this.isBroken) await this.options.write(text);
    } catch {
      this.isBroken = true;
    }
  }
}
