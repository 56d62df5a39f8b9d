/** A row of a terminal. */
export interface Row {
  /** its columns */
  readonly length: number;
  /** whether the line of the row above it goes on in it */
  readonly isWrapped: boolean;
  getCell(x: number): { getWidth(): number; getCode(): number } | undefined;
  translateToString(isTrimmed?: boolean, start?: number, end?: number): string;
  /** its text without what is empty at its end, where that is at hand: the same string each time */
  readonly shown?: string;
}

/** The rows of a terminal's screen, and those above it. */
export interface RowBuffer {
  readonly type: "normal" | "alternate";
  /** how many are above the screen */
  readonly baseY: number;
  /** the cursor's column, and its row on the screen */
  readonly cursorX: number;
  readonly cursorY: number;
  readonly length: number;
  getLine(y: number): Row | undefined;
}

// The emulator's own translateToString() puts a row's text together letter by letter, which leaves a string behind for each:
// reading the screen again and again, as a watch does, most of the time and memory would go there.

/** What a row holds within: three numbers for each cell, and the texts of cells with several code points by column. */
interface Cells {
  _data?: Uint32Array;
  _combined?: Record<number, string>;
}

const CELL_NUMBERS = 3;
const CODE_POINT = 0x1fffff;
const IS_COMBINED = 0x200000;
const WIDTH_SHIFT = 22;
const BLANK = 32;

/**
 * The columns of a row that its line has, where it goes on in the next row: a wide letter that has no room in the last column
 * leaves it empty.
 */
export function columnsOf(row: Row, next: Row | undefined): number {
  const isShort = next?.isWrapped && next.getCell(0)?.getWidth() === 2 && row.getCell(row.length - 1)?.getCode() === 0;
  return isShort ? row.length - 1 : row.length;
}

/** The text of a row as part of its line, perhaps without the blanks at its end if the line ends in it. */
export function partText(row: Row, next: Row | undefined): string {
  const isEnd = !next?.isWrapped;
  return (isEnd ? row.shown : undefined) ?? rowText(row, columnsOf(row, next));
}

let units = new Uint16Array(512);
let letters = Buffer.alloc(512);

/** The text of a row, blanks at its end included, or of its cells from 0 up to `end`. */
export function rowText(row: Row, end = row.length): string {
  const { _data: data, _combined: combined } = (row as unknown as { _line?: Cells })._line ?? {};
  if (data === undefined || combined === undefined) return row.translateToString(false, 0, end);
  if (letters.length < end) letters = Buffer.alloc(end * 2);
  for (let x = 0; x < end; x++) {
    const content = data[x * CELL_NUMBERS] as number;
    const code = content & CODE_POINT;
    if (code > 0xff || content & IS_COMBINED || content >> WIDTH_SHIFT > 1) return wideText(data, combined, end);
    letters[x] = code || BLANK;
  }
  return letters.toString("latin1", 0, end);
}

function wideText(data: Uint32Array, combined: Record<number, string>, end: number): string {
  let text = "";
  let count = 0;
  if (units.length < end * 2) units = new Uint16Array(end * 4);
  const take = () => {
    if (count > 0) text += String.fromCharCode.apply(null, units.subarray(0, count) as unknown as number[]);
    count = 0;
  };
  for (let x = 0; x < end; ) {
    const content = data[x * CELL_NUMBERS] as number;
    const code = content & CODE_POINT || BLANK;
    if (content & IS_COMBINED) {
      take();
      text += combined[x] ?? "";
    } else if (code > 0xffff) {
      units[count++] = 0xd800 + ((code - 0x10000) >> 10);
      units[count++] = 0xdc00 + ((code - 0x10000) & 0x3ff);
    } else {
      units[count++] = code;
    }
    x += content >> WIDTH_SHIFT || 1;
  }
  take();
  return text;
}
