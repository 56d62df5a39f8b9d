import type { Row } from "./row-text.ts";
import { widthOf } from "./widths.ts";

/** Stands in the second column of a wide letter of one UTF-16 unit: so a row's units are its columns. It is no character. */
export const SECOND = "\uffff";
/** Stands in a column that nothing was written to. */
export const GAP = "\0";
const GAPS_AT_END = /\0+$/;

/** Where a row of text may not be cut: behind the first column of a wide letter. */
export function isSecond(unit: number): boolean {
  return unit === 0xffff || (unit >= 0xdc00 && unit < 0xe000);
}

/** A row of text, as a terminal has it: it may be written over, and erased, from any column on. */
export class TextRow implements Row {
  /** one unit a column; what is right of it is empty */
  text = "";
  private hasWide = false;
  private hasGaps = false;

  constructor(
    readonly length: number,
    public isWrapped = false,
  ) {}

  /** Writes over it from a column on; false when that would leave half a letter. */
  put(x: number, text: string, isWide = false): boolean {
    const { text: before } = this;
    if (x === before.length) {
      this.text = before + text;
    } else {
      if (this.isCutAt(x) || this.isCutAt(x + text.length)) return false;
      this.hasGaps ||= x > before.length;
      this.text = before.slice(0, x).padEnd(x, GAP) + text + before.slice(x + text.length);
    }
    this.hasWide ||= isWide;
    return true;
  }

  /** Has this text, of as many units as columns. */
  fill(text: string): void {
    this.text = text;
    this.hasGaps = text.includes(GAP);
    this.hasWide = !isNarrow(text);
  }

  /** Erases these columns; false when that would leave half a letter. */
  erase(from: number, to: number): boolean {
    if (this.isCutAt(from) || this.isCutAt(to)) return false;
    const { text } = this;
    if (to >= text.length) this.text = text.slice(0, from);
    else this.text = text.slice(0, from) + GAP.repeat(to - from) + text.slice(to);
    this.hasGaps ||= to < text.length;
    return true;
  }

  get shown(): string {
    return this.hasGaps || this.hasWide ? this.translateToString(true) : this.text;
  }

  getCell(x: number) {
    const { text } = this;
    return {
      getWidth: () => (isSecond(text.charCodeAt(x + 1)) ? 2 : 1),
      getCode: () => (x < text.length ? text.charCodeAt(x) : 0),
    };
  }

  translateToString(isTrimmed = false, start = 0, end = this.length): string {
    let { text } = this;
    // a letter is there as a whole, also when only its first column is asked for
    if (start > 0 || end < text.length) text = text.slice(start, this.isCutAt(end) ? end + 1 : end);
    if (this.hasGaps) text = (isTrimmed ? text.replace(GAPS_AT_END, "") : text).replaceAll(GAP, " ");
    if (!isTrimmed && text.length < end - start) text = text.padEnd(end - start);
    return this.hasWide ? text.replaceAll(SECOND, "") : text;
  }

  /** What draws it on an empty row. */
  picture(): string {
    const text = this.hasWide ? this.text.replaceAll(SECOND, "") : this.text;
    return this.hasGaps ? text.replace(GAPS_AT_END, "").replace(/\0+/g, (gap) => `\x1b[${gap.length}C`) : text;
  }

  private isCutAt(x: number): boolean {
    return this.hasWide && isSecond(this.text.charCodeAt(x));
  }
}

/** Whether a unit is the first of two. */
export function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** How many columns the letter there takes, if it is one that a row of text can hold, whatever stands before and behind it. */
export function columnsAt(text: string, at: number): 1 | 2 | undefined {
  const unit = text.charCodeAt(at);
  if (unit < 127) return unit >= 32 ? 1 : undefined;
  if (unit < 0xa0) return undefined;
  if (unit < 0xd800 || (unit >= 0xe000 && unit !== 0xffff)) return widthOf(unit) || undefined;
  const code = isHigh(unit) ? (text.codePointAt(at) ?? 0) : 0;
  return code > 0xffff && widthOf(code) === 2 ? 2 : undefined;
}

/** Whether no letter of a text takes two columns, as far as that can be told at once. */
export function isNarrow(text: string): boolean {
  return /^[\0-\x7e]*$/.test(text);
}

/** A text with as many units as columns; undefined when a letter of it stands in the way. */
export function inColumns(text: string): string | undefined {
  if (isNarrow(text)) return text;
  let columns = "";
  for (let i = 0; i < text.length; i++) {
    const width = text[i] === GAP ? 1 : columnsAt(text, i);
    if (width === undefined) return undefined;
    columns += text[i];
    if (width === 2) columns += isHigh(text.charCodeAt(i)) ? text[++i] : SECOND;
  }
  return columns;
}
