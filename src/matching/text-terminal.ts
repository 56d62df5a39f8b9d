import type { RowBuffer } from "./row-text.ts";
import { columnsAt, inColumns, isHigh, isNarrow, isSecond, SECOND, TextRow } from "./text-row.ts";

const TAB = 8;
/** A sequence that is longer than this is not waited for. */
const SEQUENCE_MAX = 4096;

// Sequences that change no text: colours, titles, links and marks, modes of keys, mouse and cursor, questions to the terminal.
const MODE = "(?:1|9|12|25|66|100[0-6]|1015|1016|2004|2026|2031)";
const SILENT = [
  "\\[[0-9;:]*m",
  "\\[[<=>?][0-9;]*[mu]",
  "\\[[>=]?[0-9]*c",
  "\\[\\??[56]n",
  "\\[[0-9]* q",
  `\\[\\?${MODE}(?:;${MODE})*[hl]`,
  "\\][^\\x00-\\x1f\\x7f-\\x9f]*(?:\\x07|\\x1b\\\\)",
  "[=>]",
  "\\(B",
].join("|");
/** Those that move the cursor, or erase to the left or right of it. */
const MOVING = "\\[([0-9]*)(?:;([0-9]*))?([ABCDGHKf])";
const SEQUENCE = new RegExp(`\\x1b(?:${SILENT}|${MOVING})`, "y");
const BEGUN = /\x1b(?:\[[<=>?]?[0-9;:]* ?|\][^\x00-\x1f\x7f-\x9f]*\x1b?|\()?$/y;
/** What takes more than lines of text that follow one another. */
const ODD = new RegExp(`[\\x00-\\x06\\x0b\\x0c\\x0e-\\x1a\\x1c-\\x1f\\x7f-\\x9f]|\\x1b(?!${SILENT})`);

/** A place on the screen, from 0 on. */
interface Cursor {
  x: number;
  y: number;
}

/** How large a terminal is: its screen, and the rows above it. */
export interface TerminalSize {
  cols: number;
  rows: number;
  scrollback: number;
}

/** What another terminal is to show as well. */
export interface Shown extends TerminalSize {
  /** its rows, from some above the screen to the screen's last one; GAP stands in columns that nothing was written to */
  lines: readonly { text: string; isWrapped: boolean }[];
  cursor: Cursor;
  saved: Cursor;
  /** whether a letter was the last that was written: others may join it */
  isAfterLetter: boolean;
}

/**
 * A terminal that shows text and no more, as most programs and shells write it, a row a string: it takes a small
 * part of an emulator's memory, and less than half of its time. What it does, it does as the emulator; what it can't, it leaves to that.
 */
export class TextTerminal implements RowBuffer {
  readonly type = "normal";
  baseY = 0;
  cursorX = 0;
  cursorY = 0;
  /** the saved cursor, by a row as counted from the first of all there ever were */
  private saved: Cursor = { x: 0, y: 0 };
  private readonly lines: TextRow[] = [];
  /** how many rows there have been that are gone */
  dropped = 0;
  /** the beginning of a sequence that is not whole yet */
  begun = "";
  private isAfterLetter = false;
  private isCompact = true;

  constructor(
    readonly cols: number,
    readonly rows: number,
    private readonly scrollback: number,
  ) {
    while (this.lines.length < rows) this.lines.push(new TextRow(cols));
  }

  /** One that shows this; undefined when it has letters that this can't show. */
  static showing({ cols, rows, scrollback, lines, cursor, saved, isAfterLetter }: Shown): TextTerminal | undefined {
    const terminal = new TextTerminal(cols, rows, scrollback);
    terminal.lines.length = 0;
    for (const { text, isWrapped } of lines) {
      const row = new TextRow(cols, isWrapped);
      const columns = inColumns(text);
      if (columns === undefined || columns.length > cols) return undefined;
      row.fill(columns);
      terminal.lines.push(row);
    }
    terminal.baseY = lines.length - rows;
    terminal.cursorX = cursor.x;
    terminal.cursorY = cursor.y;
    terminal.isAfterLetter = isAfterLetter;
    terminal.saved = { x: saved.x, y: saved.y + terminal.baseY };
    return terminal;
  }

  /** Whether a text is lines that follow one another, with colours: most of what takes an emulator is not among it. */
  static isFlowing(text: string): boolean {
    return !ODD.test(text);
  }

  get length(): number {
    return this.lines.length;
  }

  getLine(y: number): TextRow | undefined {
    return this.lines[y];
  }

  /** Shows a text as far as it can; what is left is for an emulator, which is to go on with it. "" when it could show all. */
  write(text: string): string {
    const all = this.begun + text;
    this.begun = "";
    this.isCompact = false;
    for (let i = 0; i < all.length; ) {
      const next = this.take(all, i);
      if (next === i) return this.begins(all, i) ? "" : all.slice(i);
      i = next;
    }
    return "";
  }

  /** Lets go of the output that its rows were cut from. To be called when it is not written to for long. */
  compact(): void {
    if (this.isCompact) return;
    this.isCompact = true;
    const all = this.lines.map(({ text }) => text).join("\n");
    const encoding = isNarrow(all) ? "latin1" : "utf16le";
    const texts = Buffer.from(all, encoding).toString(encoding).split("\n");
    for (const [i, row] of this.lines.entries()) row.text = texts[i] ?? "";
  }

  /**
   * What is to be written to an empty emulator of the same size, so that it shows the rows from `first` on, but that none goes
   * on in the next.
   */
  picture(first: number): string {
    const rows = this.lines.slice(first).map((row) => row.picture());
    const savedY = Math.max(0, this.saved.y - this.dropped - this.baseY);
    return `${rows.join("\r\n")}${place({ x: this.saved.x, y: savedY })}\x1b7${this.cursorPicture()}`;
  }

  /** Puts the cursor where it is, with the letter left of it written last if it was: the next one may join it. */
  private cursorPicture(): string {
    const { cursorX: x, cursorY: y, cols } = this;
    const row = this.lines[this.baseY + y] as TextRow;
    if (x === 0 || !this.isAfterLetter || x > row.text.length) return place({ x: Math.min(x, cols - 1), y });
    const start = x > 1 && isSecond(row.text.charCodeAt(x - 1)) ? x - 2 : x - 1;
    return place({ x: start, y }) + row.translateToString(false, start, x);
  }

  private begins(text: string, at: number): boolean {
    BEGUN.lastIndex = at;
    if (text.length - at > SEQUENCE_MAX || !BEGUN.test(text)) return false;
    this.begun = text.slice(at);
    return true;
  }

  /** Takes what stands there; returns where it ends, which is where it begins if it can't. */
  private take(text: string, at: number): number {
    const unit = text.charCodeAt(at);
    if (unit >= 32 && unit !== 127) return this.takeLetters(text, at);
    if (unit === 27) return this.takeSequence(text, at);
    if (unit < 7 || unit > 13 || unit === 11 || unit === 12) return at;
    if (unit === 8) this.moveTo(this.column - 1, this.cursorY);
    else if (unit === 9 && this.cursorX < this.cols)
      this.moveTo(this.cursorX - (this.cursorX % TAB) + TAB, this.cursorY);
    else if (unit === 10) this.feedLine();
    else if (unit === 13) this.cursorX = 0;
    this.isAfterLetter = false;
    return at + 1;
  }

  private takeLetters(text: string, at: number): number {
    let end = at;
    while (end < text.length && columnsAt(text, end) === 1) end++;
    const isWide = end === at;
    if (isWide) {
      if (columnsAt(text, at) !== 2) return at;
      end += isHigh(text.charCodeAt(at)) ? 2 : 1;
    }
    // a letter that another one may join is left to who can do that
    const isJoined = end < text.length && text.charCodeAt(end) >= 127 && columnsAt(text, end) === undefined;
    if (isJoined && (isWide || --end === at)) return at;
    const letters = text.slice(at, end);
    const put = isWide ? this.putWide(letters) : this.put(letters);
    if (put > 0) this.isAfterLetter = true;
    return at + put;
  }

  /** Returns how many of them it could put where they belong. */
  private put(letters: string): number {
    const { cols } = this;
    for (let at = 0; at < letters.length; ) {
      if (this.cursorX >= cols) this.wrap();
      const count = Math.min(letters.length - at, cols - this.cursorX);
      const part = count === letters.length ? letters : letters.slice(at, at + count);
      if (!this.row.put(this.cursorX, part)) return at;
      this.cursorX += count;
      at += count;
    }
    return letters.length;
  }

  private putWide(letter: string): number {
    const { cols, row } = this;
    if (cols < 2) return 0;
    if (this.cursorX + 2 > cols) {
      if (!row.erase(Math.min(this.cursorX, cols), cols)) return 0;
      this.wrap();
    }
    if (!this.row.put(this.cursorX, letter.length === 2 ? letter : letter + SECOND, true)) return 0;
    this.cursorX += 2;
    return letter.length;
  }

  private takeSequence(text: string, at: number): number {
    SEQUENCE.lastIndex = at;
    const [whole, first, second, final] = SEQUENCE.exec(text) ?? [];
    if (whole === undefined || !this.move(final, Number(first), Number(second ?? ""))) return at;
    this.isAfterLetter = false;
    return at + whole.length;
  }

  private move(final: string | undefined, first: number, second: number): boolean {
    const { column: x, cursorY: y } = this;
    const count = first || 1;
    if (final === "A") this.moveTo(x, y - count);
    else if (final === "B") this.moveTo(x, y + count);
    else if (final === "C") this.moveTo(x + count, y);
    else if (final === "D") this.moveTo(x - count, y);
    else if (final === "G") this.moveTo(count - 1, y);
    else if (final === "H" || final === "f") this.moveTo((second || 1) - 1, count - 1);
    else if (final === "K") return this.eraseLine(first);
    return true;
  }

  private eraseLine(how: number): boolean {
    const { row, cursorX: x, cols } = this;
    const isDone =
      how === 0 ? row.erase(x, cols) : how === 1 ? row.erase(0, Math.min(x + 1, cols)) : how > 2 || row.erase(0, cols);
    if (isDone && (how === 2 || (how === 0 && x === 0))) row.isWrapped = false;
    return isDone;
  }

  private get row(): TextRow {
    return this.lines[this.baseY + this.cursorY] as TextRow;
  }

  /** The column of the cursor, which behind a full row is the last one's. */
  private get column(): number {
    return Math.min(this.cursorX, this.cols - 1);
  }

  private moveTo(x: number, y: number): void {
    this.cursorX = Math.max(0, Math.min(x, this.cols - 1));
    this.cursorY = Math.max(0, Math.min(y, this.rows - 1));
  }

  private feedLine(): void {
    if (this.cursorY === this.rows - 1) this.scroll(false);
    else {
      this.cursorY++;
      this.row.isWrapped = false;
    }
    this.cursorX = this.column;
  }

  private wrap(): void {
    this.cursorX = 0;
    if (this.cursorY === this.rows - 1) this.scroll(true);
    else {
      this.cursorY++;
      this.row.isWrapped = true;
    }
  }

  private scroll(isWrapped: boolean): void {
    this.lines.push(new TextRow(this.cols, isWrapped));
    if (this.baseY < this.scrollback) {
      this.baseY++;
    } else {
      this.lines.shift();
      this.dropped++;
    }
  }
}

function place({ x, y }: Cursor): string {
  return `\x1b[${y + 1};${x + 1}H`;
}
