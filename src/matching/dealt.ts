import { align } from "./align.ts";
import { lineKey, type Place, rowsOf, squeeze } from "./places.ts";
import { keyOf, type Progress, type Seen, VERIFIED } from "./progress.ts";
import { isSame } from "./sightings.ts";

/** Which lines of a pane have been dealt with. */
export interface Dealt {
  /** all lines up to this index; -1 for none */
  end: number;
  /** and of the others, whether this one, with the text that matches in it */
  isDealt(index: number, match: string): boolean;
  /** whether what is remembered was found by its rows, all of it or what was kept */
  isExact: boolean;
}

/** The pane of which lines are told. */
export interface PaneSize {
  cols: number;
  /** the row of the screen's first line */
  firstRow: number;
  historyLimit: number;
}

/** By so many rows a pane may have grown. */
const GROWN_ROWS = 100;

/** A character of two columns. */
const WIDE = "日";

/** What a pane shows, to look for what is remembered in. */
interface Shown extends PaneSize {
  lines: readonly Place[];
  /** their rows as the progress counts them; undefined when these can't be compared */
  rows: readonly number[] | undefined;
  /** whether nothing can have come before the first of the lines */
  isAll: boolean;
  /** whether all that is there was heard */
  isComplete: boolean;
}

/**
 * Tells by how far somebody has got which lines have been dealt with. `lines` are all, but blank ones, that tmux still has,
 * or the last of them. Pure.
 * @param isComplete whether nothing is there that was not heard, but perhaps some lines at the end: where none can be recognized, all
 *   have been dealt with
 */
export function dealtWith(lines: readonly Place[], size: PaneSize, progress: Progress, isComplete = false): Dealt {
  const rows = rowsAt(progress.cols, lines, size.cols);
  const shown = { ...size, lines, rows, isAll: lines[0]?.row === 0, isComplete };
  const { from, kept } = progress;
  const whole = findOffset(shown, from, progress);
  const offset = whole ?? (kept && kept.trail.length > 0 ? findOffset(shown, from, kept) : undefined);
  if (rows === undefined || offset === undefined) return dealtByText(shown, progress);
  const startAt = (first: number) => {
    const next = rows.findIndex((row) => row >= first);
    return next === -1 ? lines.length : next;
  };
  if (whole === undefined) return dealtAfter(shown, startAt(from - offset), offset, progress);
  // a pane that has grown took rows back from its history, and they may have been written anew: after the trail, none matched
  const firstOnScreen = Math.max(historyEnd(progress.cols, lines, size), progress.at - offset + 1);
  const start = startAt(Math.min(from - offset, firstOnScreen));
  const seen = new Map(progress.seen.map(({ row, match }) => [row - offset, match.text]));
  const isDealt = (index: number, match: string) => {
    const text = seen.get(rows[index] ?? -1);
    return text !== undefined && isSame(text, match);
  };
  return { end: start - 1, isDealt, isExact: true };
}

/** The rows in which lines stand in a pane of another width: known by what is there, if that begins with the first row. Pure. */
function rowsAt(cols: number | undefined, lines: readonly Place[], colsNow: number): readonly number[] | undefined {
  if (cols === colsNow) return lines.map(({ row }) => row);
  if (cols === undefined || lines[0]?.row !== 0) return undefined;
  const known = recounted.get(lines);
  if (known?.cols === cols) return known.rows;
  let row = 0;
  let end = 0;
  const rows = lines.map((place) => {
    row += Math.max(0, place.row - end); // blank lines
    const first = row;
    row += rowsOf(place.line, cols);
    end = place.row + rowsOf(place.line, colsNow);
    return first;
  });
  recounted.set(lines, { cols, rows });
  return rows;
}

/** The row before which the history of a pane stands, as it is counted at another width. Pure. */
export function historyEnd(cols: number | undefined, lines: readonly Place[], pane: PaneSize): number {
  if (cols === pane.cols) return pane.firstRow;
  const last = lines.findLastIndex(({ row }) => row < pane.firstRow);
  const row = rowsAt(cols, lines, pane.cols)?.[last];
  return row === undefined ? pane.firstRow : row + 1;
}

// all subscriptions to a pane are told by the same lines
const recounted = new WeakMap<readonly Place[], { cols: number; rows: readonly number[] }>();

/** The lines before `start` are where they were; those after them may have been erased, or have moved. */
function dealtAfter(shown: Shown, start: number, offset: number, progress: Progress): Dealt {
  const { trail, kept, at, seen } = progress;
  const after = kept?.after ?? 0;
  // some that are known to be there come first: what follows is looked for behind them
  const known = Math.min(VERIFIED, start, trail.length - after);
  const first = start - known;
  const rest = {
    ...progress,
    trail: trail.slice(trail.length - after - known),
    at: at - offset,
    seen: seen.map((place) => ({ ...place, row: place.row - offset })),
    isWhole: after < trail.length || progress.isWhole,
  };
  const lines = shown.lines.slice(first);
  // what scrolled into the history before the rest was erased: it goes on where what was kept ends
  let same = known;
  while (same < Math.min(known + after, lines.length) && keyOf(lines[same] as Place) === rest.trail[same]) same++;
  const dealt = dealtByText({ ...shown, lines, rows: shown.rows?.slice(first), isAll: true }, rest);
  const end = Math.max(same - 1, dealt.end);
  const keys = new Set(lines.map(keyOf));
  const isDealt = (index: number, match: string) => {
    if (index - first > end) return dealt.isDealt(index - first, match);
    const place = { row: shown.rows?.[index] ?? -1, line: shown.lines[index]?.line ?? "" };
    const isCut = rest.seen.some(({ line }) => isCutFrom(place.line, line, [shown.cols, progress.cols]));
    return isCut || !isOther(place, match, keys, rest);
  };
  // where all was heard, nothing new stands between those that are found again; else each is looked at
  return { end: first + (shown.isComplete ? end : same - 1), isDealt, isExact: true };
}

/** Whether a line is none of those remembered, nor what has become of one in its row; `keys` are those of all that are there. */
function isOther(place: Place, match: string, keys: ReadonlySet<number>, { trail, seen }: Progress): boolean {
  if (trail.includes(lineKey(place.line))) return false;
  const hasBecome = (one: Seen) =>
    one.row === place.row && isSame(one.match.text, match) && !keys.has(lineKey(one.line));
  return !seen.some(hasBecome);
}

/** What is found by text alone. */
function dealtByText({ lines, rows, cols, firstRow, isAll, isComplete }: Shown, progress: Progress): Dealt {
  // with less than that, the history was cleared; a pane that has grown has taken some of it back, to be erased there
  const isCounted = rows !== undefined && (rows.at(-1) ?? 0) >= progress.from - GROWN_ROWS;
  // by a few rows they may be wrong, by many they are not
  const distance = (index: number) => Math.abs((rows?.[index] ?? 0) - progress.at);
  const { trail, isWhole } = progress;
  const keys = lines.map(keyOf);
  const found = align(trail, keys, { isWhole, isAll, distance: isCounted ? distance : undefined });
  let { end } = found;
  // all but the very first one has been erased: there is nothing before it that it could be taken for
  const isAnchored = isWhole && progress.cols === cols && lines[0]?.row === 0 && firstRow > 0;
  if (end === -1 && isAnchored && keyOf(lines[0] as Place) === trail[0]) end = 0;
  // nothing was there, but for what the cursor was on: all of it has come since
  const isAllNew = trail.length === 0 && isWhole && isAll;
  // how far it had got is not known at all: it begins now
  if (end === -1 && ((isComplete && !isAllNew) || progress.from === Number.POSITIVE_INFINITY)) end = lines.length - 1;
  const last = progress.seen.find(({ row }) => row === progress.at);
  // a line that has gone on since
  const hasGrown = found.last === progress.trail.length - 2 && last && startsWith(lines[end + 1], last.line);
  if (hasGrown) end++;
  const others = new Set<number>();
  let next = end + 1;
  for (const { row, line } of progress.seen) {
    if (row <= progress.at) continue;
    const index = keys.indexOf(lineKey(line), next);
    if (index === -1) continue;
    others.add(index);
    next = index + 1;
  }
  // a line that went on from the history onto the screen, where the rest of it was erased
  const cut = lines.findLastIndex(({ row }) => row < firstRow);
  const whole = progress.seen.map(({ line }) => squeeze(line));
  const isCut = ({ line }: Place) => {
    const text = squeeze(line);
    return whole.some((one) => one.startsWith(text));
  };
  if (cut > end && isCut(lines[cut] as Place)) others.add(cut);
  // such a line taken back from the history by a pane that has grown; and tmux cuts off what is behind a full-screen
  // program, when the pane has become narrower meanwhile
  const isFull = ({ line }: Place) =>
    Math.abs(cols - Bun.stringWidth(line)) <= 1 ||
    (progress.cols !== undefined && fills(line, progress.cols) && !whole.includes(squeeze(line)));
  for (const [index, place] of lines.entries()) {
    if (index > end && isFull(place) && isCut(place)) others.add(index);
  }
  return { end, isDealt: (index) => others.has(index), isExact: false };
}

/** Whether a line is the beginning of another one, whose rest was erased: it ends where a row does, in one of these widths. */
export function isCutFrom(line: string, whole: string, widths: readonly (number | undefined)[]): boolean {
  if (!squeeze(whole).startsWith(squeeze(line))) return false;
  return widths.some((cols) => cols !== undefined && fills(line, cols));
}

/** Whether a line fills its last row. */
function fills(line: string, cols: number): boolean {
  return rowsOf(`${line}${WIDE}`, cols) > rowsOf(line, cols);
}

function startsWith(place: Place | undefined, beginning: string): boolean {
  return place !== undefined && squeeze(place.line).startsWith(squeeze(beginning));
}

/**
 * By how many rows the lines, all that tmux still has of a pane, begin later than the count of rows that the progress is
 * told in: tmux drops a tenth of a full history at a time. Undefined when rows can't be compared, or when the trail does not
 * stand where it can have got by that. Pure.
 * @param anchor the trail, or a part of it, and the row of its last line
 */
function findOffset(
  { lines, rows, historyLimit }: Shown,
  from: number,
  { trail, at }: Pick<Progress, "trail" | "at">,
): number | undefined {
  if (rows === undefined) return undefined;
  const newest = trail.slice(-VERIFIED).reverse();
  const lastRow = rows.at(-1) ?? -1;
  if (newest.length === 0) return from <= lastRow + 1 ? 0 : undefined;
  for (let index = rows.length - 1; index >= 0; index--) {
    const offset = at - (rows[index] as number);
    if (!isOffset(offset, historyLimit)) continue;
    // the oldest may be gone
    const there = newest.slice(0, index + 1);
    if (there.every((key, i) => keyOf(lines[index - i] as Place) === key)) return offset;
  }
  return undefined;
}

/** Whether lines may begin by so many rows later: tmux drops a tenth of a full history at a time. */
function isOffset(rows: number, historyLimit: number): boolean {
  return rows >= 0 && rows % Math.max(1, Math.floor(historyLimit / 10)) === 0;
}
