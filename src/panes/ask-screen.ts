import type { IBufferLine, Terminal } from "@xterm/headless";

import { LineShower } from "./text.ts";

const ROWS_MAX = 20_000;
/** What shells write behind output that does not end its line, before they go to the next. */
const ZSH_MARKS = ["%", "#"];
const FISH_MARK = "\u23ce";

/** Where a question was asked. */
export interface Asked {
  cols: number;
  rows: number;
  /** what stood left of the cursor, and the row of the screen, from 0, in which that was */
  prompt: string;
  row: number;
}

/** What a terminal shows after it: the line in which it was asked, the lines after that, and the line of the cursor. */
export interface Shown {
  /** the first line from the prompt on: the echo, if it is shown */
  first: string;
  lines: string[];
  /** what stands left of the cursor */
  prompt: string;
  /** whether the cursor is in the first line still */
  isOneLine: boolean;
  /** whether more was written than is kept */
  isCut: boolean;
}

/**
 * What a program has written since it was asked, as a terminal of the pane's size shows it: line editors draw what is typed,
 * and shells their prompts, by its width.
 */
export async function showAnswer(raw: string, { cols, rows, prompt, row }: Asked): Promise<Shown> {
  const { Terminal } = await import("@xterm/headless");
  const scrollback = Math.min(ROWS_MAX, rowCount(raw, cols) + rows);
  const terminal = new Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: "off" });
  try {
    await write(terminal, `\x1b[${row + 1};1H${prompt}`);
    const begin = terminal.registerMarker(0);
    await write(terminal, raw);
    const buffer = terminal.buffer.normal;
    const cursor = buffer.baseY + buffer.cursorY;
    const isCut = begin === undefined || begin.isDisposed || begin.line < 0;
    // what was cleared begins anew, at the top
    const isCleared = !isCut && begin.line > cursor;
    const lines = logicalLines(terminal, isCut ? 0 : isCleared ? buffer.baseY : begin.line, cursor);
    const last = lines.pop() ?? [""];
    const left = [...last.slice(0, -1), buffer.getLine(cursor)?.translateToString(false, 0, buffer.cursorX) ?? ""].join(
      "",
    );
    const texts = lines.map((parts) => parts.join("").trimEnd());
    if (isCut || isCleared) return { first: "", lines: texts, prompt: left, isOneLine: false, isCut };
    const [first = left, ...others] = texts;
    const after = raw.indexOf("\n") + 1;
    return {
      first,
      lines: await asWritten(others, raw.slice(after)),
      prompt: left,
      isOneLine: texts.length === 0,
      isCut,
    };
  } finally {
    terminal.dispose();
  }
}

/** Lines as they were written, blanks at their ends and tabs included, if they are the ones that are shown. */
async function asWritten(shown: string[], raw: string): Promise<string[]> {
  using shower = new LineShower();
  const written = await shower.showAll(raw.split("\n").slice(0, -1));
  const squeeze = (text: string) => text.replaceAll(/\s+/g, " ").trimEnd();
  const isSame =
    written.length === shown.length && written.every((line, i) => squeeze(line) === squeeze(shown[i] ?? ""));
  return isSame ? written : shown;
}

/** The lines from one row to another, each as the texts of its rows: those that were wrapped are of one line. */
function logicalLines(terminal: Terminal, from: number, to: number): string[][] {
  const buffer = terminal.buffer.normal;
  const lines: string[][] = [];
  for (let y = from; y <= to; y++) {
    const row = buffer.getLine(y);
    const text = row?.translateToString(false) ?? "";
    const before = lines.at(-1);
    const above = buffer.getLine(y - 1);
    const isWrapped = row?.isWrapped === true && before !== undefined && above !== undefined;
    // a shell that goes to the next row by blanks has wrapped none of its line
    if (isWrapped && !isMarked(above) && !(y === to && isBlankAtEnd(above))) before.push(text);
    else {
      if (before && above) before.push(withoutMark(before.pop() ?? "", above));
      lines.push([text]);
    }
  }
  return lines;
}

function isBlankAtEnd(row: IBufferLine): boolean {
  return (row.getCell(row.length - 1)?.getChars() ?? "").trim() === "";
}

/** Whether zsh or fish have written behind it that it is not ended: fish by a letter of its own, zsh by a style. */
function isMarked(row: IBufferLine): boolean {
  const text = row.translateToString(true).trimEnd();
  const cell = row.getCell(text.length - 1);
  if (!isBlankAtEnd(row) || !cell) return false;
  return text.endsWith(FISH_MARK) || (cell.isInverse() !== 0 && ZSH_MARKS.some((mark) => text.endsWith(mark)));
}

function withoutMark(text: string, row: IBufferLine): string {
  return isMarked(row) ? text.trimEnd().slice(0, -1) : text;
}

function rowCount(raw: string, cols: number): number {
  return raw.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / cols), 0);
}

function write(terminal: Terminal, text: string): Promise<void> {
  return new Promise((resolve) => terminal.write(text, resolve));
}
