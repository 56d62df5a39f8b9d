import type { Typings } from "../../../src/matching/judge.ts";
import { type MatcherSeed, PaneMatcher } from "../../../src/matching/pane-matcher.ts";
import { compilePattern } from "../../../src/matching/pattern.ts";
import { type Progress, parseProgress, progressNow } from "../../../src/matching/progress.ts";

/** The size of a pane, unless another is given. */
export const ROWS = 20;
export const COLS = 40;
/** What a pane is watched for. */
export const EVENT = compilePattern("^EVENT");

/** Lines of a pane, by number: every second one matches. */
export function lines(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => ((from + i) % 2 ? `EVENT ${from + i}` : `other ${from + i}`));
}

/** Those of them that match. */
export function events(from: number, to: number): string[] {
  return lines(from, to).filter((text) => text.startsWith("EVENT"));
}

/** A pane with this history and screen, at whose last line (a prompt) the cursor is. */
export function pane(text: string[], options: { cols?: number; rows?: number; row?: number } = {}): MatcherSeed {
  const { cols = COLS, rows = ROWS, row: firstOfAll = 0 } = options;
  let row = firstOfAll;
  const places = [...text, "$ "].map((each) => {
    const place = { row, line: each.trimEnd() };
    row += Math.max(1, Math.ceil(each.length / cols));
    return place;
  });
  const last = places.at(-1)?.row ?? 0;
  const firstRow = Math.max(firstOfAll, last + 1 - rows);
  const scrollRegion = { upper: 0, lower: rows - 1 };
  const cursor = { x: 2, y: last - firstRow };
  return { cols, rows, firstRow, lines: places, cursor, alternate: undefined, scrollRegion, historyLimit: 2000 };
}

/** How far one has got who has seen all that a pane shows. */
export function progressAt(state: MatcherSeed): Progress {
  const cursorRow = state.firstRow + state.cursor.y;
  const progress = progressNow(state.lines, { cols: state.cols, firstRow: state.firstRow, cursorRow }, EVENT);
  return JSON.parse(JSON.stringify(progress));
}

/** A watch that is made in a test. */
export interface Watching {
  watch: PaneMatcher;
  /** the lines that fired, in order */
  fired: string[];
  /** how far it has got, as it told last */
  progress(): Progress | undefined;
  /** shows output, after which there is a pause */
  write(text: string): Promise<void>;
}

/** A pane watched for EVENT, if somebody has got so far with it before. */
export function watching(
  state: MatcherSeed,
  progress: Progress | undefined,
  typed: Typings = { last: "", typings: [] },
): Watching {
  const fired: string[] = [];
  let last: string | undefined;
  const handlers = {
    typed: async () => typed,
    matched: (_: number, sighting: { line: string }, now: () => string | undefined) => {
      fired.push(sighting.line);
      last = now() ?? last;
    },
    progressed: (_: number, now: string) => {
      last = now;
    },
    told: () => {},
    isOwn: () => true,
  };
  const joining = progress ? [{ subscription: 1, pattern: EVENT, progress }] : [];
  const watch = new PaneMatcher(state, handlers, { last: "", typings: [] }, joining);
  const write = async (text: string) => {
    watch.write(Buffer.from(text));
    await watch.settle();
  };
  return { watch, fired, write, progress: () => parseProgress(last ?? null) };
}

/** What fires when a pane is watched from there on. */
export async function resume(state: MatcherSeed, progress: Progress): Promise<string[]> {
  const { watch, fired } = watching(state, progress);
  await watch.settle();
  return fired;
}
