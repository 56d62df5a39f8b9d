import type { IBufferCell, IBufferLine, Terminal } from "@xterm/headless";
import { plainText } from "../lib/plain-text.ts";
import type { ShownText } from "./ended.ts";

// Most output holds nothing but colours and titles, and is read without a terminal emulator, whose import takes 30 ms.
// CSI sequences that move the cursor up or down or scroll, the switch to the alternate screen, and their ESC relatives
const MOVES_ROWS = /\x1b(?:\[[0-9;]*[ABEFHfLMSTdrsu]|\[\?(?:47|1047|1049)[hl]|[78DEMc])/;
// what goes back within a line: backspace, a carriage return before its end, and CSI sequences that move or shift
const MOVES_COLUMNS = /[\b]|\r(?!\r*$)|\x1b\[[0-9;]*[CDGPX@`]/;
/** What shells write before a command's output: it stands at the beginning of a line and moves nothing. */
const PREAMBLE = /^(?:\r|\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\(B|\x1b[=>]|\x0f)+/;
// colours and links (OSC 8), and then everything else that a terminal acts upon
const SEQUENCES =
  /(\x1b\[[0-9;:]*m|\x1b\]8;[^\x00-\x1f\x7f-\x9f]*\x1b\\)|\x1b\[[\x00-\x3f]*[@-~]?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
const ROWS_MAX = 20_000;
/** Wider than lines that programs draw over. */
const LINE_COLS = 2000;

/**
 * What a program wrote, as the text that a person sees: colours removed, overwritten parts overwritten, wrapped lines
 * whole. Tabs stay tabs and blanks stay where nothing was drawn over. The newline at the end is dropped.
 */
export async function showOutput(raw: string, size: { cols: number; rows: number }): Promise<ShownText> {
  if (movesRows(raw)) return await showScreen(raw, size);
  using shower = new LineShower();
  const lines = raw.split("\n");
  const shown = await shower.showAll(lines);
  if (shown.at(-1) === "") shown.pop();
  return { text: shown.join("\n"), isCut: false };
}

/** Whether some output does more than to go on line by line, and can be shown only as a whole. Pure. */
export function movesRows(raw: string): boolean {
  return MOVES_ROWS.test(raw);
}

/** Shows lines one by one, each as if it stood alone. */
export class LineShower implements Disposable {
  private terminal: Terminal | undefined;

  /** @param options.ansi keep colours and links, and no other escape sequences */
  constructor(private readonly options: { ansi: boolean } = { ansi: false }) {}

  /** The texts of lines of output (without their newlines). */
  async showAll(lines: readonly string[]): Promise<string[]> {
    const shown: string[] = [];
    for (const line of lines) {
      const text = line.replace(/\r+$/, "");
      // most lines are plain, and a million of them are read without waiting for each
      shown.push(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(text) ? await this.show(text) : text);
    }
    return shown;
  }

  private async show(text: string): Promise<string> {
    const isDrawn = MOVES_COLUMNS.test(text.replace(PREAMBLE, ""));
    if (isDrawn || MOVES_ROWS.test(text)) return await this.draw(text);
    return this.options.ansi ? text.replace(SEQUENCES, "$1") : plainText(text);
  }

  [Symbol.dispose](): void {
    this.terminal?.dispose();
  }

  private async draw(text: string): Promise<string> {
    const { Terminal } = await import("@xterm/headless");
    this.terminal ??= new Terminal({ cols: LINE_COLS, rows: 1, allowProposedApi: true, logLevel: "off" });
    this.terminal.reset();
    this.terminal.resize(LINE_COLS, Math.ceil(text.length / LINE_COLS) + 1);
    await write(this.terminal, text);
    return bufferLines(this.terminal, this.options.ansi ? styledText : undefined).join("\n");
  }
}

async function showScreen(raw: string, { cols, rows }: { cols: number; rows: number }): Promise<ShownText> {
  const { Terminal } = await import("@xterm/headless");
  const scrollback = Math.min(ROWS_MAX, rowCount(raw, cols));
  const terminal = new Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: "off" });
  const { writeKeeping } = await import("./scroll-region.ts");
  const out = await writeKeeping(terminal, raw, { max: ROWS_MAX });
  const lines = bufferLines(terminal, undefined, out.lines);
  const isCut = out.isCut || (scrollback === ROWS_MAX && terminal.buffer.normal.baseY >= ROWS_MAX);
  terminal.dispose();
  return { text: lines.join("\n"), isCut };
}

function rowCount(raw: string, cols: number): number {
  return raw.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / cols), 0);
}

function write(terminal: Terminal, text: string): Promise<void> {
  return new Promise((resolve) => terminal.write(text, resolve));
}

/**
 * The lines of the normal screen and its history: wrapped rows joined, blanks at their ends and blank last lines dropped.
 * @param between lines that come before a row
 */
function bufferLines(
  terminal: Terminal,
  textOf = (row: IBufferLine) => row.translateToString(false),
  between?: ReadonlyMap<number, readonly string[]>,
): string[] {
  const buffer = terminal.buffer.normal;
  const lines: string[] = [];
  for (let y = 0; y < buffer.length; y++) {
    lines.push(...(between?.get(y) ?? []));
    const row = buffer.getLine(y);
    const text = row ? textOf(row) : "";
    if (row?.isWrapped && lines.length > 0) lines.push((lines.pop() ?? "") + text);
    else lines.push(text);
  }
  const trimmed = lines.map((line) => line.trimEnd());
  while (trimmed.at(-1) === "") trimmed.pop();
  return trimmed;
}

/** The text of a row with its colours. */
function styledText(row: IBufferLine): string {
  let text = "";
  let before = "";
  // blanks at the end that have no colour of their own are none
  let end = row.length;
  while (end > 0 && isBlank(row.getCell(end - 1))) end--;
  for (let x = 0; x < end; x++) {
    const cell = row.getCell(x);
    if (!cell || cell.getWidth() === 0) continue;
    const style = styleOf(cell);
    if (style !== before) text += `\x1b[0${style}m`;
    before = style;
    text += cell.getChars() || " ";
  }
  return before === "" ? text : `${text}\x1b[0m`;
}

function isBlank(cell: IBufferCell | undefined): boolean {
  return cell === undefined || (cell.getChars().trim() === "" && cell.isAttributeDefault() && cell.getWidth() > 0);
}

/** The parameters of SGR (after a reset) that a cell is drawn with, each with a semicolon before it. */
function styleOf(cell: IBufferCell): string {
  const attributes: [number, number][] = [
    [cell.isBold(), 1],
    [cell.isDim(), 2],
    [cell.isItalic(), 3],
    [cell.isUnderline(), 4],
    [cell.isBlink(), 5],
    [cell.isInverse(), 7],
    [cell.isInvisible(), 8],
    [cell.isStrikethrough(), 9],
  ];
  const set = attributes.filter(([isSet]) => isSet !== 0).map(([, code]) => `;${code}`);
  const colour = (base: number, isRgb: boolean, value: number) =>
    isRgb ? `;${base};2;${value >> 16};${(value >> 8) & 255};${value & 255}` : `;${base};5;${value}`;
  if (!cell.isFgDefault()) set.push(colour(38, cell.isFgRGB(), cell.getFgColor()));
  if (!cell.isBgDefault()) set.push(colour(48, cell.isBgRGB(), cell.getBgColor()));
  return set.join("");
}
