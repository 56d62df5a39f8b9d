import { type IBuffer, Terminal } from "@xterm/headless";
import { columnsOf, rowText } from "./row-text.ts";
import { useWidths } from "./widths.ts";

/** How large an emulator is: its screen, and the rows above it. */
interface EmulatorSize {
  cols: number;
  rows: number;
  scrollback: number;
}

/** What the normal screen shows, without colours: by that another emulator shows the same. */
interface Picture {
  size: EmulatorSize;
  text: string;
}

/** What the emulator has within, which its public part does not tell. Without it, nothing is put away. */
interface Core {
  writeSync?(text: string): void;
  buffer?: {
    scrollTop?: number;
    scrollBottom?: number;
    savedX?: number;
    savedY?: number;
    savedCharset?: unknown;
    ybase?: number;
    x?: number;
    tabs?: Record<string, boolean>;
    lines?: { get(y: number): unknown };
  };
  _inputHandler?: {
    _parser?: { currentState?: number };
    _eraseInBufferLine?(y: number, start: number, end: number, isWrapCleared: boolean): void;
    _resetBufferLine?(y: number): void;
  };
  _charsetService?: { glevel?: number; charset?: unknown; _charsets?: unknown[] };
}

const TAB = 8;

/**
 * A terminal emulator. Each takes a third of a megabyte and more, so one that nobody writes to can be put away: it is made
 * anew when it is asked for, and shows the same, but for what had scrolled off its screen.
 */
export class Emulator implements Disposable {
  private awake: Terminal | undefined;
  private picture: Picture | undefined;

  /** @param attend is given each terminal that is made, with what it shows: to listen to what is written then */
  constructor(
    size: EmulatorSize,
    private readonly attend: (terminal: Terminal) => void,
  ) {
    this.awake = this.make(size);
    attend(this.awake);
  }

  get isAway(): boolean {
    return this.awake === undefined;
  }

  get terminal(): Terminal {
    if (this.awake) return this.awake;
    const { size, text } = this.picture as Picture; // one or the other is there
    this.awake = this.make(size);
    this.picture = undefined;
    coreOf(this.awake).writeSync?.(text);
    this.attend(this.awake);
    return this.awake;
  }

  /**
   * Puts it away, if what it shows, its cursor and the one that is saved are all that there is to know of it: not a
   * full-screen program's screen, a mode, other letters or half an escape sequence.
   * @returns whether it was
   */
  putAway(): boolean {
    const terminal = this.awake;
    if (!terminal || !isPlain(terminal)) return false;
    const { cols, rows } = terminal;
    this.picture = { size: { cols, rows, scrollback: terminal.options.scrollback ?? 0 }, text: pictureOf(terminal) };
    this.awake = undefined;
    terminal.dispose();
    return true;
  }

  /**
   * Shows output. Terminal.write() lets a timer pass first, which takes longer than all else from a line to its callback;
   * the write beneath it does not. It is no public part of the emulator: without it, the public one does.
   */
  write(text: string): Promise<void> | undefined {
    const { terminal } = this;
    const core = coreOf(terminal);
    if (core.writeSync === undefined) return new Promise((resolve) => terminal.write(text, resolve));
    core.writeSync(text);
    return undefined;
  }

  /**
   * To tmux, as to a real terminal, the part that scrolls is the same on both screens, and a full-screen program may leave
   * it behind; this emulator keeps one for each. Without its inner part, they stay two.
   */
  setMargins({ upper, lower }: { upper: number; lower: number }): void {
    const { buffer } = coreOf(this.terminal);
    if (buffer?.scrollTop === undefined) return;
    buffer.scrollTop = upper;
    buffer.scrollBottom = lower;
  }

  /**
   * Erases the screen up to the cursor, for ED 1 in the last column: there, this emulator looks for the row below one that may
   * be the last of all, and fails. Returns whether it did: else the emulator can, and must.
   */
  eraseAbove(): boolean {
    const { _inputHandler: input, buffer } = coreOf(this.terminal);
    const { cols } = this.terminal;
    const { cursorX, cursorY } = this.terminal.buffer.active;
    if (cursorX + 1 < cols || !buffer?.lines || buffer.lines.get(cursorY + 1) !== undefined) return false;
    if (!input?._eraseInBufferLine || !input._resetBufferLine) return false;
    buffer.x = cols - 1; // not behind it any more
    input._eraseInBufferLine(cursorY, 0, cols, true);
    for (let y = 0; y < cursorY; y++) input._resetBufferLine(y);
    return true;
  }

  [Symbol.dispose](): void {
    this.awake?.dispose();
  }

  private make(size: EmulatorSize): Terminal {
    const terminal = new Terminal({ ...size, allowProposedApi: true, logLevel: "off" });
    useWidths(terminal);
    return terminal;
  }
}

function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { _core?: Core })._core ?? {};
}

function isPlain(terminal: Terminal): boolean {
  const { modes, buffer, rows, cols } = terminal;
  const core = coreOf(terminal);
  const { active } = buffer;
  const { scrollTop, scrollBottom, savedX = cols, savedCharset, tabs = {} } = core.buffer ?? {};
  const { glevel, charset, _charsets: charsets = [1] } = core._charsetService ?? {};
  return (
    core.writeSync !== undefined &&
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
    core._inputHandler?._parser?.currentState === 0 &&
    glevel === 0 &&
    charset === undefined &&
    charsets.every((each) => each === undefined) &&
    // at the end of a full row, the next letter begins another one
    active.cursorX < cols &&
    active.getLine(active.baseY)?.isWrapped === false &&
    !hasBlankWrapped(active, rows)
  );
}

/** Whether a line goes on in a row of the screen that is blank: drawn anew, it would not. */
function hasBlankWrapped(buffer: IBuffer, rows: number): boolean {
  for (let y = buffer.baseY; y < buffer.baseY + rows; y++) {
    const row = buffer.getLine(y);
    if (row?.isWrapped && rowText(row).trimEnd() === "") return true;
  }
  return false;
}

function pictureOf(terminal: Terminal): string {
  const { rows } = terminal;
  const { active } = terminal.buffer;
  let text = "";
  for (let y = 0; y < rows; y++) {
    // behind the last row, the ring begins again
    const next = y < rows - 1 ? active.getLine(active.baseY + y + 1) : undefined;
    const row = active.getLine(active.baseY + y);
    const goesOn = next?.isWrapped === true;
    if (row) text += row.translateToString(!goesOn, 0, columnsOf(row, next));
    if (!goesOn && y < rows - 1) text += "\r\n";
  }
  const { savedX = 0, savedY = 0, ybase = 0 } = coreOf(terminal).buffer ?? {};
  const place = (x: number, y: number) => `\x1b[${y + 1};${x + 1}H`;
  return `${text}${place(savedX, Math.max(0, savedY - ybase))}\x1b7${place(active.cursorX, active.cursorY)}`;
}
