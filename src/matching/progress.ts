import type { RestingLines } from "./echo.ts";
import type { Pattern } from "./pattern.ts";
import { LINE_MAX, lineKey, type Place } from "./places.ts";
import type { Sighting } from "./sightings.ts";

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
export const VERIFIED = 5;
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
export function keyOf(place: Place): number {
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
