import type { IBufferLine, IMarker, Terminal } from "@xterm/headless";
import type { RowBuffer } from "./row-text.ts";
import { GAP } from "./text-row.ts";
import { type Shown, type TerminalSize, TextTerminal } from "./text-terminal.ts";
import { useWidths } from "./widths.ts";

/** What a terminal of xterm.js of the version that is bundled has within, which its public part does not tell. */
interface Core {
  writeSync(text: string): void;
  buffer: {
    scrollTop: number;
    scrollBottom: number;
    savedX: number;
    savedY: number;
    savedCharset: unknown;
    ybase: number;
    x: number;
    tabs: Record<string, boolean>;
    lines: { get(y: number): { isWrapped: boolean } | undefined };
  };
  _inputHandler: {
    _parser: { currentState: number; precedingJoinState: number };
    _eraseInBufferLine(y: number, start: number, end: number, isWrapCleared: boolean): void;
    _resetBufferLine(y: number): void;
  };
  _charsetService: { glevel: number; charset: unknown; _charsets: unknown[] };
}

const TAB = 8;
/** How many lines of text there must be until a TextTerminal is gone back to. */
const FLOWING_LINES = 200;
/** How many rows go over above those that may still change: the line above the cursor's is asked for. */
const ABOVE_ROWS = 24;

/**
 * A terminal emulator: a TextTerminal as long as that is enough, else one of xterm.js, which takes half a megabyte. To go over
 * from the one to the other changes nothing of the screen, nor of the rows from the marked one on; of those above them a few
 * are kept.
 */
export class Emulator implements Disposable {
  private plain: TextTerminal | undefined;
  private full: Terminal | undefined;
  /** the row that is marked: by how many rows there had been of a TextTerminal, or by a marker */
  private markedRow = 0;
  private marker: IMarker | undefined;
  /** how many lines have come since there was something that took more than a TextTerminal */
  private plainLines = 0;

  private readonly size: TerminalSize;

  /** @param attend is given each terminal of xterm.js, with what it shows: to listen to what is written then */
  constructor(
    size: TerminalSize,
    private readonly attend: (terminal: Terminal) => void,
  ) {
    this.size = { ...size };
    this.plain = new TextTerminal(size.cols, size.rows, size.scrollback);
  }

  /** Whether it takes little memory now. */
  get isPlain(): boolean {
    return this.plain !== undefined;
  }

  get cols(): number {
    return this.size.cols;
  }

  get rows(): number {
    return this.size.rows;
  }

  /** What is shown now. */
  get active(): RowBuffer {
    return this.plain ?? this.terminal.buffer.active;
  }

  /** The screen that full-screen programs leave as it is. */
  get normal(): RowBuffer {
    return this.plain ?? this.terminal.buffer.normal;
  }

  /** Whether a mode has what is written now stand otherwise than as it is, in rows that follow one another. */
  get isInserting(): boolean {
    const { wraparoundMode, originMode, insertMode } = this.full?.modes ?? PLAIN_MODES;
    return !wraparoundMode || originMode || insertMode;
  }

  /** Marks a row of the normal screen, by its place in the buffer. */
  mark(place: number): void {
    this.marker?.dispose();
    this.marker = undefined;
    if (this.plain) this.markedRow = place + this.plain.dropped;
    else if (place > 0) {
      const { baseY, cursorY } = this.terminal.buffer.active;
      // the row above it is left alone by whatever is erased, which ends markers
      this.marker = this.terminal.registerMarker(place - 1 - (baseY + cursorY));
    }
  }

  /** The place of the marked row now; 0 also when it has left the buffer, as the beginning of a long line does. */
  get marked(): number {
    if (this.plain) return Math.max(0, this.markedRow - this.plain.dropped);
    return (this.marker?.line ?? -1) + 1;
  }

  /**
   * Shows output. Terminal.write() lets a timer pass first, which takes longer than all else from a line to its callback;
   * the write beneath it does not.
   */
  write(text: string): void {
    const rest = this.plain ? this.plain.write(text) : text;
    if (rest === "") return;
    const terminal = this.terminal;
    coreOf(terminal).writeSync(rest);
    this.count(terminal, rest);
  }

  /**
   * Goes back to a TextTerminal, if what it shows, its cursor and the one that is saved are all that there is to know of it: not
   * a full-screen program's screen, a mode, other letters or half an escape sequence. One that it is keeps no more than it shows.
   * @returns whether it went back
   */
  freeMemory(): boolean {
    this.plainLines = 0;
    this.plain?.compact();
    if (!this.full || !isPlain(this.full)) return false;
    const first = this.firstKept(this.full.buffer.normal);
    const plain = TextTerminal.showing({ ...this.size, ...shown(this.full, first) });
    if (!plain) return false;
    this.markedRow = this.marked - first;
    this.marker = undefined;
    this.plain = plain;
    this.full.dispose();
    this.full = undefined;
    return true;
  }

  resize(cols: number, rows: number): void {
    // which breaks lines anew, and shows rows again that were above the screen
    (this.full ?? this.wake(0)).resize(cols, rows);
    this.size.cols = cols;
    this.size.rows = rows;
  }

  /**
   * To tmux, as to a real terminal, the part that scrolls is the same on both screens, and a full-screen program may leave
   * it behind; this emulator keeps one for each.
   */
  setMargins({ upper, lower }: { upper: number; lower: number }): void {
    const { buffer } = coreOf(this.terminal);
    buffer.scrollTop = upper;
    buffer.scrollBottom = lower;
  }

  /**
   * Erases the screen up to the cursor, for ED 1 in the last column: there, this emulator takes a row counted from the
   * history's beginning for the next one, and fails where there is none. Returns whether it did: elsewhere the emulator can, and must.
   */
  eraseAbove(): boolean {
    const { _inputHandler: input, buffer } = coreOf(this.terminal);
    const { cols } = this.size;
    const { cursorX, cursorY } = this.terminal.buffer.active;
    if (cursorX + 1 < cols) return false;
    buffer.x = cols - 1; // not behind it any more
    input._eraseInBufferLine(cursorY, 0, cols, true);
    for (let y = 0; y < cursorY; y++) input._resetBufferLine(y);
    return true;
  }

  [Symbol.dispose](): void {
    this.full?.dispose();
  }

  private get terminal(): Terminal {
    return this.full ?? this.wake();
  }

  /** Goes back to a TextTerminal after so much text that to go over was little beside it. */
  private count(terminal: Terminal, text: string): void {
    const isFlowing = terminal.buffer.active.type === "normal" && TextTerminal.isFlowing(text);
    this.plainLines = isFlowing ? this.plainLines + text.split("\n").length - 1 : 0;
    if (this.plainLines >= Math.max(this.size.rows, FLOWING_LINES)) this.freeMemory();
  }

  /** The first row that goes over: some above those that may change are looked at, too. */
  private firstKept({ baseY }: RowBuffer): number {
    return Math.max(0, Math.min(this.marked, baseY) - ABOVE_ROWS);
  }

  /** Goes over to a terminal of xterm.js, with the rows from `first` on. */
  private wake(first = this.plain ? this.firstKept(this.plain) : 0): Terminal {
    const terminal = make(this.size);
    const { plain, marked } = this;
    this.full = terminal;
    if (plain) {
      const core = coreOf(terminal);
      core.writeSync(plain.picture(first));
      for (let y = first; y < plain.length; y++) {
        const row = core.buffer.lines.get(y - first);
        if (row) row.isWrapped = plain.getLine(y)?.isWrapped === true;
      }
      core.buffer.x = plain.cursorX; // which may be behind the last column
      core.writeSync(plain.begun);
      this.plain = undefined;
      this.mark(marked - first);
    }
    this.attend(terminal);
    return terminal;
  }
}

const PLAIN_MODES = { wraparoundMode: true, originMode: false, insertMode: false };

function make(size: TerminalSize): Terminal {
  // it takes some 5 MB, and no pane with lines of text needs it
  const { Terminal } = require("@xterm/headless") as typeof import("@xterm/headless");
  const terminal = new Terminal({ ...size, allowProposedApi: true, logLevel: "off" });
  useWidths(terminal);
  return terminal;
}

function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { _core: Core })._core;
}

function isPlain(terminal: Terminal): boolean {
  const { modes, buffer, rows, cols } = terminal;
  const core = coreOf(terminal);
  const { active } = buffer;
  const { scrollTop, scrollBottom, savedX, savedCharset, tabs } = core.buffer;
  const { glevel, charset, _charsets: charsets } = core._charsetService;
  return (
    active.type === "normal" &&
    modes.wraparoundMode &&
    !modes.insertMode &&
    !modes.originMode &&
    !modes.reverseWraparoundMode &&
    scrollTop === 0 &&
    scrollBottom === rows - 1 &&
    savedX < cols &&
    savedCharset === undefined &&
    Object.keys(tabs).every((column) => Number(column) % TAB === 0) &&
    Object.keys(tabs).length === Math.ceil(cols / TAB) &&
    core._inputHandler._parser.currentState === 0 &&
    glevel === 0 &&
    charset === undefined &&
    charsets.every((each) => each === undefined)
  );
}

/** What it shows from a row on, which is one of the screen or above it. */
function shown(terminal: Terminal, first: number): Omit<Shown, keyof TerminalSize> {
  const { normal } = terminal.buffer;
  const lines = [];
  for (let y = first; y < normal.baseY + terminal.rows; y++) {
    const row = normal.getLine(y);
    if (row) lines.push({ text: withGaps(row), isWrapped: row.isWrapped });
  }
  const { buffer, _inputHandler: input } = coreOf(terminal);
  const saved = { x: buffer.savedX, y: Math.max(0, buffer.savedY - buffer.ybase) };
  const isAfterLetter = input._parser.precedingJoinState !== 0;
  return { lines, cursor: { x: normal.cursorX, y: normal.cursorY }, saved, isAfterLetter };
}

/** The text of a row; what nothing was written to is told from blanks. */
function withGaps(row: IBufferLine): string {
  const text = row.translateToString(true);
  // a letter without a width that stands by itself is not counted: it can't be shown otherwise
  if (row.translateToString(false).trimEnd().length > text.length) return UNSHOWN;
  if (!text.includes(" ")) return text;
  let found = "";
  const cell = row.getCell(0);
  for (let x = 0; x < row.length && found.length < text.length; x += cell?.getWidth() || 1) {
    row.getCell(x, cell);
    found += cell?.getChars() || GAP;
  }
  return found;
}

/** Stands for a text that a TextTerminal can't show: half a letter. */
const UNSHOWN = "\ud800";
