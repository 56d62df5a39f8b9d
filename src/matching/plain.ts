/** A part of some output: text for the emulator, or whole lines of nothing but printable ASCII, without their ends. */
export type OutputSlice = { type: "text"; text: string } | { type: "plain"; lines: string[] };

/** So many plain lines in a row are worth dealing with by themselves. */
const WORTH = 100;
/** No more of them are dealt with at once. */
const AT_ONCE_MAX = 1000;
/** Rows that one slice of output may fill: fewer than a screen keeps above it, so that no row is gone before it is read. */
export const SLICE_ROWS = 24;
const PLAIN_LINE = /[ -~]*\r\n/y;

/**
 * Finds in much output the runs of plain lines that a pane merely scrolls through. The last `kept` lines of each run stay
 * text, so that after them the screen is what it would be anyway. Nothing is lost, and all is in order. Pure.
 */
export function* splitPlain(data: string, kept: number): Generator<OutputSlice> {
  let start = 0;
  let next = data.length < WORTH * 2 ? data.length : data.indexOf("\n") + 1;
  while (next > 0 && next < data.length) {
    const ends = [next];
    PLAIN_LINE.lastIndex = next;
    while (PLAIN_LINE.test(data)) ends.push(PLAIN_LINE.lastIndex);
    const count = ends.length - 1 - kept;
    if (count >= WORTH) {
      yield { type: "text", text: data.slice(start, next) };
      for (let first = 0; first < count; first += AT_ONCE_MAX) {
        const starts = ends.slice(first, Math.min(first + AT_ONCE_MAX, count));
        yield { type: "plain", lines: starts.map((from, i) => data.slice(from, (ends[first + i + 1] ?? from) - 2)) };
      }
      start = ends[count] ?? next;
    }
    const last = ends.at(-1) ?? next;
    // past the line that is not plain
    next = data.indexOf("\n", last) + 1;
  }
  if (start < data.length) yield { type: "text", text: data.slice(start) };
}

/** Parts of some output that fill at most so many rows each. Pure. */
export function* slices(data: string, cols: number, rowsMax: number): Generator<string> {
  let start = 0;
  let rows = 0;
  let column = 0;
  for (let i = 0; i < data.length; i++) {
    column++;
    if (data.charCodeAt(i) === 10 || column >= cols) {
      rows++;
      column = 0;
    }
    if (rows >= rowsMax) {
      yield data.slice(start, i + 1);
      start = i + 1;
      rows = 0;
    }
  }
  if (start < data.length) yield data.slice(start);
}
