import type { RestingLines } from "./echo.ts";
import type { Pattern } from "./pattern.ts";
import type { Sighting } from "./sightings.ts";

/** A line and its row in the pane's output, counted from its beginning. */
export interface Place {
  row: number;
  line: string;
}

/** A line that has been dealt with. */
export interface Seen extends Place {
  match: Sighting["match"];
}

/**
 * How far a subscription has got in its pane. It is kept so that whoever watches next, after a crash or a lost client,
 * finds in the pane's history what has come since: every line from row `from` on, but for those that were `seen`.
 */
export interface Progress {
  from: number;
  seen: Seen[];
  /** lines by which the rows are recognized as long as nothing was seen */
  anchors: Place[];
  /** what prompts look like in this pane */
  prompts: string[];
}

/** The newest lines dealt with that are remembered although they can't change any more: rows are recognized by them. */
const KEPT = 5;
const LINE_MAX = 500;

/** What is remembered of lines dealt with, when rows before `from` can't change any more. Pure. */
export function keepSeen(seen: readonly Seen[], from: number): Seen[] {
  return seen.filter(({ row }, i) => row >= from || i >= seen.length - KEPT);
}

/** A Progress as text. */
export function formatProgress(progress: Omit<Progress, "prompts">, resting: RestingLines): string {
  const cut = <P extends Place>(places: readonly P[]) =>
    places.map((place) => ({ ...place, line: place.line.slice(0, LINE_MAX) }));
  return JSON.stringify({
    from: progress.from,
    seen: cut(progress.seen),
    anchors: cut(progress.anchors.slice(-KEPT)),
    prompts: resting.last(KEPT),
  } satisfies Progress);
}

/**
 * The progress of a subscription that begins now, by what the pane shows: what stands there has been dealt with. Pure.
 * @param screen its rows, and the same with wrapped rows joined
 * @param firstRow the number of the first of them: how many rows the history has
 */
export function progressNow(
  screen: { rows: readonly string[]; lines: readonly string[]; firstRow: number; cursorRow: number },
  pattern: Pattern,
): Progress {
  const places: Place[] = [];
  const prompts: string[] = [];
  let next = 0;
  for (const line of screen.lines) {
    const row = next;
    let text = screen.rows[next++] ?? "";
    const shown = line.trimEnd();
    while (text.trimEnd() !== shown && shown.startsWith(text) && next < screen.rows.length) text += screen.rows[next++];
    const hasCursor = row <= screen.cursorRow && screen.cursorRow < next;
    // what is typed next may be echoed after it, before anybody has seen the cursor rest there
    if (hasCursor && shown !== "") prompts.push(shown.slice(0, LINE_MAX));
    // the cursor's line may become another one, so nothing is recognized by it; what matches there now is not new
    if (shown !== "" && (!hasCursor || pattern(shown)))
      places.push({ row: screen.firstRow + row, line: shown.slice(0, LINE_MAX) });
  }
  const seen = places.flatMap((place) => {
    const match = pattern(place.line);
    return match ? [{ ...place, match }] : [];
  });
  return { from: screen.firstRow, seen, anchors: places.slice(-KEPT), prompts };
}

/** Reads what formatProgress wrote; undefined for null and for anything else. */
export function parseProgress(text: string | null): Progress | undefined {
  if (text === null) return undefined;
  try {
    const value = JSON.parse(text);
    return typeof value.from === "number" ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * By how many rows `rows`, all that tmux still has of a pane, begin later than the count of rows that the progress is
 * told in: tmux drops a tenth of a full history at a time. Undefined when none of the lines is there any more, or when
 * they stand where they can't have got by that (the history was cleared, the width changed) and are not found elsewhere.
 * Pure.
 */
export function findOffset(
  rows: readonly string[],
  size: { cols: number; historyLimit: number },
  progress: Progress,
): number | undefined {
  const places = (progress.seen.length > 0 ? progress.seen : progress.anchors).slice(-KEPT);
  const last = places.at(-1);
  if (!last) return progress.from <= rows.length ? 0 : undefined;
  const isAt = (place: Place, index: number) => isStartOf(place.line, rows[index], size.cols);
  const step = Math.max(1, Math.floor(size.historyLimit / 10));
  for (let offset = 0; offset <= last.row; offset += step) {
    const inside = places.filter(({ row }) => row >= offset && row - offset < rows.length);
    if (inside.length > 0 && inside.every((place) => isAt(place, place.row - offset))) return offset;
  }
  for (let index = rows.length - 1; index >= 0; index--) if (isAt(last, index)) return last.row - index;
  return undefined;
}

/** Whether a row of the screen is the first of a line: all of it, or as much as fits. */
function isStartOf(line: string, row: string | undefined, cols: number): boolean {
  const text = row?.trimEnd() ?? "";
  // a wide character that does not fit leaves the last column empty
  const isFull = (row?.length ?? 0) >= Math.min(cols, LINE_MAX) - 1 || Bun.stringWidth(text) >= cols - 1;
  return text !== "" && (isFull ? line.startsWith(text.slice(0, LINE_MAX)) : line === text);
}
