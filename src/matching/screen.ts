import type { Terminal } from "@xterm/headless";
import { FairShare } from "../lib/wait.ts";
import { Emulator } from "./emulator.ts";
import type { Place } from "./places.ts";
import { SLICE_ROWS, slices, splitPlain } from "./plain.ts";
import { partText, type Row, type RowBuffer, rowText } from "./row-text.ts";
import type { Rows } from "./sightings.ts";

/** A line as a person sees it: wrapped rows joined, blanks at the end dropped. Its row stays when it scrolls up. */
export interface ScreenLine extends Place {
  /** whether the cursor stands at its end, so that it may not be whole yet */
  isGrowing: boolean;
}

/** The state of a pane, as tmux tells it, from which a screen starts. */
export interface ScreenSeed {
  cols: number;
  rows: number;
  /** the number of the normal screen's first row: how many the history has */
  firstRow: number;
  /** what stands on the normal screen, blank lines too, and perhaps in the history above it */
  lines: Place[];
  /** where the cursor is on the normal screen */
  cursor: { x: number; y: number };
  /** what a full-screen program shows, if one has the screen: its lines, and the cursor there */
  alternate: { lines: string[]; cursor: { x: number; y: number } } | undefined;
  scrollRegion: { upper: number; lower: number };
}

/** Rows above the screen: each takes memory in every pane that writes. So long may a line be that is matched as a whole. */
const SCROLLBACK = 5 * SLICE_ROWS;
// far above any row of the normal screen: the rows of the alternate one, which has no history
const ALTERNATE_BASE = 1e12;
const NO_ROWS = { from: 0, to: -1 };
const ALL_ROWS = { from: 0, to: Number.POSITIVE_INFINITY };

/**
 * The screen of one pane, kept by a terminal emulator from the pane's output, for reading what a person would see.
 * `erasing` is called, with the screen still whole, just before a program erases rows or switches screens; `isKept` tells
 * whether tmux moves all that the screen shows into the history by that. `forgetting` is called when a program has tmux drop
 * the history: rows from `first` on are left, and so many fewer come before each from then on.
 */
export class Screen implements Disposable {
  private readonly emulator: Emulator;
  private readonly decoder = new TextDecoder();
  private pending: Uint8Array[] = [];
  private starts: string[];
  /** the first row that may still change, as a number and as a place in the buffer */
  private top: number;
  /** its place, when the pane's size has changed while a full-screen program hid it */
  private hiddenPlace: number | undefined;
  private epoch = 0;
  private isDisposed = false;
  /** the part of the screen that scrolls (DECSTBM), its first and last row from 0 on; undefined when that is all of it */
  private region: { upper: number; lower: number } | undefined;

  constructor(
    seed: ScreenSeed,
    private readonly erasing: (rows: Rows, isKept: boolean) => void,
    private readonly forgetting: (rows: number, first: number) => void = () => {},
  ) {
    // a line that goes on from the history is drawn from its beginning
    const first = Math.max(
      0,
      seed.lines.findLastIndex(({ row }) => row <= seed.firstRow),
    );
    this.top = seed.lines[first]?.row ?? seed.firstRow;
    const { cols, rows } = seed;
    this.emulator = new Emulator({ cols, rows, scrollback: SCROLLBACK }, (terminal) => this.attend(terminal));
    const { upper, lower } = seed.scrollRegion;
    this.region = upper === 0 && lower === seed.rows - 1 ? undefined : { upper, lower };
    const region = !this.region ? "" : `\x1b[${upper + 1};${lower + 1}r`;
    const draw = (lines: string[]) => lines.join("\r\n");
    const place = ({ x, y }: { x: number; y: number }) => `\x1b[${y + 1};${x + 1}H`;
    const lines = seed.lines.slice(first).map(({ line }) => line);
    // with rows of the history above it, the screen begins where it should only if it is full
    const end = (seed.lines.at(-1)?.row ?? this.top) + 1;
    if (this.top < seed.firstRow) for (let row = end; row < seed.firstRow + seed.rows; row++) lines.push("");
    const used = lines.findLastIndex((line) => line !== "") + 1;
    const isSameSize = Math.abs(end - seed.firstRow - seed.rows) <= 1;
    this.starts = seed.alternate
      ? [
          isSameSize ? draw(lines) + place(seed.cursor) : draw(lines.slice(0, used)) + below(seed.cursor),
          `\x1b[?1049h\x1b[H${draw(seed.alternate.lines)}${region}${place(seed.alternate.cursor)}`,
        ]
      : [draw(lines) + region + place(seed.cursor)];
  }

  /** Hears of what is erased, and of the switch to another screen. */
  private attend(terminal: Terminal): void {
    this.watchErasure(terminal);
    terminal.buffer.onBufferChange(() => {
      this.emulator.setMargins(this.region ?? { upper: 0, lower: this.rows - 1 });
      if (this.isAlternate || this.hiddenPlace === undefined) return;
      const place = this.hiddenPlace;
      this.hiddenPlace = undefined;
      this.markTop(place);
    });
  }

  /**
   * Frees the memory of it that can be freed; nothing is lost that is still to be looked at. Returns whether much was; undefined
   * when it can't be done now.
   */
  freeMemory(): boolean | undefined {
    return this.starts.length > 0 || this.isDirty ? undefined : this.emulator.freeMemory();
  }

  /** Shows what the pane showed when it was seeded. */
  start(): void {
    for (const text of this.starts) {
      this.emulator.write(text);
      this.advance();
    }
    this.starts = [];
  }

  /** Shows what a full-screen program shows now, as tmux tells it; not as output of the pane. */
  redraw({ lines, cursor }: NonNullable<ScreenSeed["alternate"]>): void {
    const { region } = this;
    const scrolls = region ? `\x1b[${region.upper + 1};${region.lower + 1}r` : "";
    // drawn as a whole: at the last row of a part that scrolls, a newline would move what is above
    this.starts = [`\x1b[r\x1b[H\x1b[2J${lines.join("\r\n")}${scrolls}\x1b[${cursor.y + 1};${cursor.x + 1}H`];
    this.start();
  }

  /** Adds output; it shows after the next flush. */
  write(data: Uint8Array): void {
    this.pending.push(data);
  }

  /** Whether output waits for a flush. */
  get isDirty(): boolean {
    return this.pending.length > 0;
  }

  /**
   * Shows what was written. `onSlice` is called after each part, before rows of it can scroll out of the history;
   * `onPlain` for lines that scroll by unchanged, which take long to be drawn and are gone at once.
   */
  async flush(onSlice: () => void, onPlain: (lines: Place[]) => void): Promise<void> {
    const data = this.decoder.decode(Buffer.concat(this.pending), { stream: true });
    this.pending = [];
    const share = new FairShare();
    for (const slice of splitPlain(data, this.rows + 1)) {
      if (share.isUsedUp) await share.give();
      if (this.isDisposed) return;
      if (slice.type === "text") await this.show(slice.text, onSlice, share);
      else if (this.isSimple) onPlain(this.scrollBy(slice.lines));
      else await this.show(slice.lines.map((line) => `${line}\r\n`).join(""), onSlice, share);
    }
  }

  private async show(text: string, onSlice: () => void, share: FairShare): Promise<void> {
    // nothing is kept above a full-screen program's screen
    const rows = this.isAlternate ? Math.max(1, this.rows - 1) : SLICE_ROWS;
    for (const slice of slices(text, this.cols, rows)) {
      if (share.isUsedUp) await share.give();
      if (this.isDisposed) return;
      this.emulator.write(slice);
      onSlice();
    }
  }

  /** Whether a line that is written now stands as it is, in a row of its own, and scrolls up with all others. */
  private get isSimple(): boolean {
    const { emulator } = this;
    return !this.isAlternate && !this.region && !emulator.isInserting && emulator.active.cursorX === 0;
  }

  /** Counts lines as written without drawing them; more rows than the screen has must follow. */
  private scrollBy(lines: string[]): Place[] {
    const { cols } = this;
    const { baseY, cursorY } = this.emulator.active;
    let row = this.window().base + baseY + cursorY;
    const placed = lines.map((line) => {
      const place = { row, line: line.trimEnd() };
      row += Math.max(1, Math.ceil(line.length / cols));
      return place;
    });
    // what is on the screen now will be gone, and is looked at no more
    this.top = row;
    this.markTop(baseY + cursorY);
    return placed;
  }

  /** The lines that may have changed since the last `advance()`, from top to bottom. */
  lines(): ScreenLine[] {
    return this.linesOf(this.emulator.active);
  }

  /** Those of the normal screen, also while a full-screen program hides it. */
  normalLines(): ScreenLine[] {
    return this.linesOf(this.emulator.normal);
  }

  private linesOf(buffer: RowBuffer): ScreenLine[] {
    const found: ScreenLine[] = []; // a generator takes longer, which shows in a flood
    const { first, base } = this.window(buffer);
    const cursorRow = buffer.baseY + buffer.cursorY;
    let row = rowAt(buffer, first);
    for (let y = first; row; ) {
      let text = "";
      let end = y;
      do {
        const next = rowAt(buffer, ++end);
        text += partText(row, next);
        row = next;
      } while (row?.isWrapped);
      const trimmed = text.trimEnd();
      const hasCursor = y <= cursorRow && cursorRow < end;
      const isGrowing = hasCursor && lineTo(buffer).length >= trimmed.length;
      if (trimmed !== "") found.push({ row: base + y, line: trimmed, isGrowing });
      y = end;
    }
    return found;
  }

  get cols(): number {
    return this.emulator.cols;
  }

  get rows(): number {
    return this.emulator.rows;
  }

  /** Whether a full-screen program has the screen. */
  get isAlternate(): boolean {
    return this.emulator.active.type === "alternate";
  }

  /** The line that the cursor is on, up to the cursor. */
  cursorLine(): string {
    return lineTo(this.emulator.active);
  }

  /** The row in which the line begins that the cursor is on. */
  get cursorRow(): number {
    const buffer = this.emulator.active;
    let y = buffer.baseY + buffer.cursorY;
    while (y > 0 && buffer.getLine(y)?.isWrapped) y--;
    return this.window().base + y;
  }

  /** The last line above the one that the cursor is on; "" when there is none. */
  lineAbove(): string {
    const buffer = this.emulator.active;
    let text = "";
    for (let y = buffer.baseY + buffer.cursorY - 1; y >= 0; y--) {
      text = textOf(buffer, y) + text;
      if (!buffer.getLine(y)?.isWrapped && text.trim() !== "") break;
    }
    return text.trimEnd();
  }

  /** The first row that can still change, as of the last advance(). */
  get firstRow(): number {
    return this.isAlternate ? this.window().base : this.top;
  }

  /** The same of the normal screen, also while a full-screen program hides it. */
  get normalRow(): number {
    return this.top;
  }

  /** The row of a line so long that its beginning has left the history, if there is one. */
  get cutRow(): number | undefined {
    const isCut = this.topPlace === 0 && this.emulator.normal.getLine(0)?.isWrapped;
    return isCut && !this.isAlternate ? this.top : undefined;
  }

  /** Leaves behind what has scrolled into the history, where it can't change; returns the first row that still can. */
  advance(): number {
    const buffer = this.emulator.active;
    if (this.isAlternate) return this.window().base;
    const { base } = this.window();
    let first = buffer.baseY;
    while (first > 0 && buffer.getLine(first)?.isWrapped) first--;
    this.top = base + first;
    this.markTop(first);
    return this.top;
  }

  /** Follows the pane to another size. */
  resize(cols: number, rows: number): void {
    if (cols === this.cols && rows === this.rows) return;
    // lines are broken anew by that, and markers in them may be lost: it is found again by counting whole lines
    const before = this.emulator.normal;
    const first = this.topPlace;
    let count = 0;
    for (let y = lastUsed(before); y >= first; y--) if (y === first || !before.getLine(y)?.isWrapped) count++;
    this.emulator.resize(cols, rows);
    const { normal } = this.emulator;
    this.region = undefined; // for tmux, too
    let place = lastUsed(normal) + 1;
    while (count > 0 && place > 0) if (!normal.getLine(--place)?.isWrapped) count--;
    if (this.isAlternate) this.hiddenPlace = place;
    else this.markTop(place);
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.emulator[Symbol.dispose]();
  }

  /** Where the changing part begins in the buffer, and what to add to a place in the buffer to get a row. */
  private window(buffer: RowBuffer = this.emulator.active): { first: number; base: number } {
    if (buffer.type === "alternate") return { first: 0, base: ALTERNATE_BASE + this.epoch * 1e6 };
    const first = this.topPlace;
    return { first, base: this.top - first };
  }

  private beforeErase(rows: Rows, isAll = false): void {
    if (this.starts.length > 0) return;
    const pushed = isAll && !this.isAlternate ? this.usedRows() : 0;
    this.erasing(rows, pushed > 0);
    if (pushed === 0) return;
    // as tmux counts: what comes now stands below all that
    const { baseY } = this.emulator.active;
    this.top = this.window().base + baseY + pushed;
    this.markTop(baseY);
  }

  /** The history is about to be dropped: rows are counted from the screen's first one, as tmux does. */
  private beforeForgetting(): void {
    if (this.starts.length > 0 || this.isAlternate) return;
    this.erasing(NO_ROWS, false);
    const first = this.advance();
    const rows = this.window().base + this.emulator.active.baseY;
    this.top = Math.max(0, first - rows);
    this.forgetting(rows, first);
  }

  /** The first row that can still change is at this place in the buffer of the normal screen. */
  private markTop(place: number): void {
    this.emulator.mark(place);
  }

  /** Its place now; 0 also when it has left the buffer, as the beginning of a long line does. */
  private get topPlace(): number {
    if (this.hiddenPlace !== undefined) return this.hiddenPlace;
    return this.emulator.marked;
  }

  /** How many rows of the screen hold something, and those above them. */
  private usedRows(): number {
    const buffer = this.emulator.active;
    return Math.max(0, lastUsed(buffer) + 1 - buffer.baseY);
  }

  private watchErasure(terminal: Terminal): void {
    const { parser } = terminal;
    terminal.onLineFeed(() => {
      if (this.region && this.isLosing(this.region) && this.starts.length === 0) this.erasing(NO_ROWS, false);
    });
    // a handler that returns false has the emulator do its own part
    parser.registerCsiHandler({ final: "J" }, ([mode]) => {
      if (mode === 3) {
        this.beforeForgetting();
        return false;
      }
      const { cursorX, cursorY } = this.emulator.active;
      this.beforeErase(this.erasedRows(mode), mode === 2 || (!mode && cursorX === 0 && cursorY === 0));
      return mode === 1 && this.emulator.eraseAbove();
    });
    parser.registerEscHandler({ final: "c" }, () => {
      this.region = undefined;
      this.beforeErase(this.erasedRows(2), true);
      if (!this.isAlternate) this.top = this.window().base + this.emulator.active.baseY;
      this.emulator.mark(0); // it begins with an empty buffer
      return false;
    });
    parser.registerCsiHandler({ final: "r" }, ([first, last]) => {
      const { rows } = this;
      const upper = (Number(first) || 1) - 1;
      const lower = Math.min(Number(last) || rows, rows) - 1;
      if (upper < lower) this.region = upper === 0 && lower === rows - 1 ? undefined : { upper, lower };
      return false;
    });
    // tmux takes no notice of these: resetting all (DECSTR), what is protected (DECSCA), newlines that return (LNM)
    parser.registerCsiHandler({ intermediates: "!", final: "p" }, () => true);
    parser.registerCsiHandler({ intermediates: '"', final: "q" }, () => true);
    for (const final of ["h", "l"]) parser.registerCsiHandler({ final }, ([mode]) => mode === 20);
    const SWITCHES = [47, 1047, 1049];
    for (const final of ["h", "l"]) {
      parser.registerCsiHandler({ prefix: "?", final }, (params) => {
        if (!params.some((param) => typeof param === "number" && SWITCHES.includes(param))) return false;
        this.beforeErase(this.isAlternate ? ALL_ROWS : NO_ROWS);
        if (!this.isAlternate) this.epoch++;
        return false;
      });
    }
  }

  /**
   * Whether a line that has just ended may be gone with the next one: below the part that scrolls it is written over, and
   * what leaves that part goes into the history only where no rows stand above it.
   */
  private isLosing({ upper, lower }: { upper: number; lower: number }): boolean {
    const { cursorY } = this.emulator.active;
    return !this.isAlternate && (cursorY > lower || (upper > 0 && cursorY === lower));
  }

  /** The rows that ED (erase in display) with this parameter clears from their beginning on. */
  private erasedRows(mode: number | number[] | undefined): Rows {
    const { baseY, cursorY, cursorX } = this.emulator.active;
    const row = this.window().base + baseY + cursorY;
    if (mode === 1) return { from: row - cursorY, to: row };
    if (mode === 2) return { from: row - cursorY, to: Number.POSITIVE_INFINITY };
    return { from: cursorX === 0 ? row : row + 1, to: Number.POSITIVE_INFINITY };
  }
}

/**
 * The cursor of the normal screen behind a full-screen program, after its lines were drawn without the blank ones at the
 * end, when it is of another size than the pane is now: where a shell leaves it when it starts a program.
 */
function below({ x }: { x: number }): string {
  return x === 0 ? "\r\n" : `\x1b[${x + 1}G`;
}

/** The last row of a buffer that holds something; -1 when there is none. */
function lastUsed(buffer: RowBuffer): number {
  let y = buffer.length - 1;
  while (y >= 0 && buffer.getLine(y)?.translateToString(true) === "") y--;
  return y;
}

/** The line that the cursor of a buffer is on, up to the cursor. */
function lineTo(buffer: RowBuffer): string {
  let y = buffer.baseY + buffer.cursorY;
  let text = textOf(buffer, y, buffer.cursorX);
  while (y > 0 && buffer.getLine(y)?.isWrapped) text = textOf(buffer, --y) + text;
  return text;
}

function textOf(buffer: RowBuffer, y: number, end?: number): string {
  const row = buffer.getLine(y);
  if (!row) return "";
  return end === undefined ? partText(row, rowAt(buffer, y + 1)) : rowText(row, end);
}

/** A row; undefined behind the last one, where the ring that the buffer is begins again. */
function rowAt(buffer: RowBuffer, y: number): Row | undefined {
  return y < buffer.length ? buffer.getLine(y) : undefined;
}
