import { align } from "./align.ts";
import type { RestingLines } from "./echo.ts";
import type { Pattern } from "./pattern.ts";
import { LINE_MAX, lineKey, type Place, squeeze } from "./places.ts";
import { isSame, type Sighting } from "./sightings.ts";

/** A line that has been dealt with. */
export interface Seen extends Place {
  match: Sighting["match"];
}

/**
 * How far a subscription has got in its pane. It is kept so that whoever watches next, after a crash, a resize or a lost
 * client, finds in the pane's history what has come since: by rows, every line from row `from` on, but for those that were
 * `seen`; where rows have moved, every line after the last of the `trail`.
 */
export interface Progress {
  from: number;
  /** the width by which rows are counted; undefined when they may have moved since tmux told them */
  cols: number | undefined;
  seen: Seen[];
  /** keys of the last lines up to row `at`, oldest first */
  trail: number[];
  at: number;
  /** whether nothing came before the trail */
  isWhole: boolean;
  /** the last lines before row `from`, which can't have been erased one by one since; unknown to earlier versions */
  kept?: Kept;
  /** what prompts look like in this pane */
  prompts: string[];
}

/** Lines that nothing but tmux itself can take away, as it drops the oldest of a full history. */
export interface Kept {
  /** their keys, oldest first, and the row of the last one */
  trail: number[];
  at: number;
  /** how many lines of the whole trail come after them */
  after: number;
}

/** How many lines a trail has at most: what comes after them is known by them. */
export const TRAIL_MAX = 48;
/** By how many of them rows are recognized. */
const VERIFIED = 5;
const PROMPTS_MAX = 5;
/** Rows of a full-screen program, as versions before 3.1 counted them. */
const ALTERNATE_BASE = 1e12;

/**
 * The trail that ends with line `end` of some lines without blank ones, of which those before row `from` are kept. Pure.
 */
export function trailOf(
  lines: readonly Place[],
  end: number,
  from: number,
): Pick<Progress, "trail" | "at" | "isWhole" | "kept"> {
  const start = Math.max(0, end + 1 - TRAIL_MAX);
  let last = end;
  while (last >= 0 && (lines[last] as Place).row >= from) last--;
  const kept = { trail: keysOf(lines, Math.max(0, last + 1 - VERIFIED), last), at: lines[last]?.row ?? -1 };
  const isWhole = start === 0 && (lines[0]?.row ?? 0) === 0;
  const trail = keysOf(lines, start, end);
  return { trail, at: lines[end]?.row ?? -1, isWhole, kept: { ...kept, after: end - Math.max(last, start - 1) } };
}

function keysOf(lines: readonly Place[], start: number, end: number): number[] {
  const keys: number[] = [];
  for (let i = start; i <= end; i++) keys.push(keyOf(lines[i] as Place));
  return keys;
}

const keys = new WeakMap<Place, number>();

/** Lines are looked at again with each event of theirs. */
function keyOf(place: Place): number {
  const known = keys.get(place) ?? lineKey(place.line);
  keys.set(place, known);
  return known;
}

/** A Progress as text. */
export function formatProgress(progress: Omit<Progress, "prompts">, resting: RestingLines): string {
  const seen = progress.seen.map(({ row, line, match }) => ({ row, line: line.slice(0, LINE_MAX), match }));
  return JSON.stringify({ ...progress, seen, prompts: resting.last(PROMPTS_MAX) } satisfies Progress);
}

/**
 * The progress of a subscription that begins now, by what the pane shows: what stands there has been dealt with. Pure.
 * @param places the lines of the screen, and of some of the history above it
 * @param screen the number of its first row, and where the cursor is
 */
export function progressNow(
  places: readonly Place[],
  screen: { cols: number; firstRow: number; cursorRow: number },
  pattern: Pattern,
): Progress {
  const after = places.findIndex(({ row }) => row > screen.cursorRow);
  const cursorLine = places[(after === -1 ? places.length : after) - 1];
  const prompt = cursorLine?.line.slice(0, LINE_MAX) ?? "";
  // the cursor's line may become another one, so nothing is recognized by it; what matches there now is not new
  const lines = places.filter((place) => place.line !== "" && (place !== cursorLine || pattern(place.line)));
  const seen = lines.flatMap((place) => {
    const match = place.row < screen.firstRow ? undefined : pattern(place.line);
    return match ? [{ ...place, line: place.line.slice(0, LINE_MAX), match }] : [];
  });
  const { cols, firstRow } = screen;
  // what is typed next may be echoed after it, before anybody has seen the cursor rest there
  const prompts = prompt === "" ? [] : [prompt];
  return { from: firstRow, cols, seen, ...trailOf(lines, lines.length - 1, firstRow), prompts };
}

/** Reads what formatProgress wrote, of earlier versions too; undefined for null and for anything else. */
export function parseProgress(text: string | null): Progress | undefined {
  if (text === null) return undefined;
  try {
    const value = JSON.parse(text);
    if (typeof value.from !== "number" || !Array.isArray(value.seen)) return undefined;
    return Array.isArray(value.trail) ? value : migrate(value);
  } catch {
    return undefined;
  }
}

/** The rows of earlier versions may be those of a full-screen program, which mean nothing once it has ended. */
function migrate({ from, seen, anchors, prompts }: Progress & { anchors: Place[] }): Progress {
  const isOfScreen = from < ALTERNATE_BASE;
  const places = (seen.length > 0 ? seen : anchors).filter(({ row }) => row < ALTERNATE_BASE);
  const known = seen.filter(({ row }) => row < ALTERNATE_BASE);
  // they are not all lines, but those that matched
  const trail = { ...trailOf(places.slice(-1), Math.min(places.length, 1) - 1, 0), isWhole: false };
  return { from: isOfScreen ? from : Number.POSITIVE_INFINITY, cols: undefined, seen: known, ...trail, prompts };
}

/** Which lines of a pane have been dealt with. */
export interface Dealt {
  /** all lines up to this index; -1 for none */
  end: number;
  /** and of the others, whether this one, with the text that matches in it */
  isDealt(index: number, match: string): boolean;
  /** whether what is remembered was found by its rows */
  isExact: boolean;
}

/** The pane of which lines are told. */
export interface PaneSize {
  cols: number;
  /** the row of the screen's first line */
  firstRow: number;
  historyLimit: number;
}

/**
 * Tells it by how far somebody has got. `lines` are all, but blank ones, that tmux still has, or the last of them. Pure.
 * @param isComplete whether nothing is there that was not heard: what can't be recognized has been dealt with too
 */
export function dealtWith(lines: readonly Place[], size: PaneSize, progress: Progress, isComplete = false): Dealt {
  const offset = findOffset(lines, size, progress, progress);
  const anchor = offset === undefined && progress.kept?.trail.length ? progress.kept : undefined;
  const kept = anchor && findOffset(lines, size, progress, anchor);
  if (offset === undefined && kept === undefined)
    return dealtByText(lines, size, progress, { isAll: lines[0]?.row === 0, isComplete });
  const from = progress.from - (offset ?? kept ?? 0);
  const next = lines.findIndex(({ row }) => row >= from);
  const start = next === -1 ? lines.length : next;
  if (offset === undefined) return dealtAfter(lines, start, kept ?? 0, { size, progress, isComplete });
  const seen = new Map(progress.seen.map(({ row, match }) => [row - offset, match.text]));
  const isDealt = (index: number, match: string) => {
    const text = seen.get(lines[index]?.row ?? -1);
    return text !== undefined && isSame(text, match);
  };
  return { end: start - 1, isDealt, isExact: true };
}

/** The lines before `start` are where they were; those after them may have been erased, or have moved. */
function dealtAfter(
  lines: readonly Place[],
  start: number,
  offset: number,
  { size, progress, isComplete }: { size: PaneSize; progress: Progress; isComplete: boolean },
): Dealt {
  const { trail, kept, at, seen } = progress;
  const after = kept?.after ?? 0;
  const rest = {
    ...progress,
    trail: trail.slice(trail.length - after),
    at: at - offset,
    seen: seen.map((place) => ({ ...place, row: place.row - offset })),
    isWhole: after < trail.length || progress.isWhole,
  };
  const dealt = dealtByText(lines.slice(start), size, rest, { isAll: true, isComplete });
  const isDealt = (index: number, match: string) => dealt.isDealt(index - start, match);
  return { end: start + dealt.end, isDealt, isExact: true };
}

function dealtByText(
  lines: readonly Place[],
  { cols, firstRow }: PaneSize,
  progress: Progress,
  { isAll, isComplete }: { isAll: boolean; isComplete: boolean },
): Dealt {
  const isCounted = progress.cols === cols && (lines.at(-1)?.row ?? 0) >= progress.at;
  // by a few rows they may be wrong, by many they are not
  const distance = (index: number) => Math.abs((lines[index]?.row ?? 0) - progress.at);
  const { trail, isWhole } = progress;
  const found = align(trail, lines.map(keyOf), { isWhole, isAll, distance: isCounted ? distance : undefined });
  let { end } = found;
  // all but the very first one has been erased: there is nothing before it that it could be taken for
  const isAnchored = isWhole && progress.cols === cols && lines[0]?.row === 0 && firstRow > 0;
  if (end === -1 && isAnchored && keyOf(lines[0] as Place) === trail[0]) end = 0;
  // how far it had got is not known at all: it begins now
  if (end === -1 && (isComplete || progress.from === Number.POSITIVE_INFINITY)) end = lines.length - 1;
  const last = progress.seen.find(({ row }) => row === progress.at);
  // a line that has gone on since
  const hasGrown = found.last === progress.trail.length - 2 && last && startsWith(lines[end + 1], last.line);
  if (hasGrown) end++;
  const others = new Set<number>();
  let next = end + 1;
  for (const { row, line } of progress.seen) {
    if (row <= progress.at) continue;
    const index = lines.findIndex((place, i) => i >= next && keyOf(place) === lineKey(line));
    if (index === -1) continue;
    others.add(index);
    next = index + 1;
  }
  // a line that went on from the history onto the screen, where the rest of it was erased
  const cut = lines.findLastIndex(({ row }) => row < firstRow);
  const isCut = ({ line }: Place) => progress.seen.some((seen) => squeeze(seen.line).startsWith(squeeze(line)));
  if (cut > end && isCut(lines[cut] as Place)) others.add(cut);
  // tmux cuts off what is behind a full-screen program, when the pane has become narrower meanwhile
  for (const [index, place] of lines.entries()) {
    if (index > end && Math.abs(cols - Bun.stringWidth(place.line)) <= 1 && isCut(place)) others.add(index);
  }
  return { end, isDealt: (index) => others.has(index), isExact: false };
}

function startsWith(place: Place | undefined, beginning: string): boolean {
  return place !== undefined && squeeze(place.line).startsWith(squeeze(beginning));
}

/**
 * By how many rows the lines, all that tmux still has of a pane, begin later than the count of rows that the progress is
 * told in: tmux drops a tenth of a full history at a time. Undefined when the width has changed, or when the trail does not
 * stand where it can have got by that. Pure.
 * @param anchor the trail, or a part of it, and the row of its last line
 */
export function findOffset(
  lines: readonly Place[],
  { cols, historyLimit }: PaneSize,
  { cols: counted, from }: Progress,
  { trail, at }: Pick<Progress, "trail" | "at">,
): number | undefined {
  if (counted !== cols) return undefined;
  const newest = trail.slice(-VERIFIED).reverse();
  const lastRow = lines.at(-1)?.row ?? -1;
  if (newest.length === 0) return from <= lastRow + 1 ? 0 : undefined;
  const indexes = new Map(lines.map(({ row }, index) => [row, index]));
  const step = Math.max(1, Math.floor(historyLimit / 10));
  for (let offset = 0; offset <= at; offset += step) {
    const index = indexes.get(at - offset);
    if (index === undefined) continue;
    // the oldest may be gone
    const there = newest.slice(0, index + 1);
    if (there.every((key, i) => keyOf(lines[index - i] as Place) === key)) return offset;
  }
  return undefined;
}
