import { type Dealt, dealtWith, historyEnd, isCutFrom, type PaneSize } from "./dealt.ts";
import type { Moment, PatternTracker } from "./pattern-tracker.ts";
import { lineKey, type Place } from "./places.ts";
import { keyOf, type Seen } from "./progress.ts";

/** What a subscription has dealt with, and heard, of the lines that a pane shows. */
type Known = Pick<Dealt, "end" | "isDealt"> & { heard: readonly Seen[] };

/** The screen of a pane as it was followed until now, when tmux tells what it shows instead. */
export class GoneScreen {
  private readonly size: { cols: number; rows: number };
  /** keys of the lines that were not shown on it any more */
  private readonly unshown: ReadonlySet<number>;

  /**
   * @param topRow the row of the normal screen before which nothing can change
   * @param unshown output that was not shown on it any more: of the program, or of the next one
   */
  constructor(
    { cols, rows }: { cols: number; rows: number },
    private readonly moment: Moment,
    private readonly topRow: number,
    unshown: readonly Uint8Array[],
  ) {
    this.size = { cols, rows };
    const text = unshown.length === 0 ? "" : Bun.stripANSI(Buffer.concat(unshown).toString());
    this.unshown = new Set(text.split(/[\r\n]+/).map(lineKey));
  }

  /**
   * Which of the lines that the pane shows now a subscription has dealt with on this screen, and what it has heard there.
   * @param lines all that tmux still has of the pane, without blank ones, or the last of them
   * @param isComplete whether nothing is there that was not heard
   */
  dealtWith(tracker: PatternTracker, lines: readonly Place[], pane: PaneSize, isComplete: boolean): Known {
    const progress = tracker.progressNow(this.moment, this.topRow);
    const { end, isDealt } = dealtWith(lines, pane, progress, isComplete);
    return { end, isDealt, heard: isComplete ? tracker.heard(progress) : [] };
  }

  /**
   * The same when the screen was cleared for another program, which may print what the one before has printed: only what has
   * scrolled into the history before is still there.
   */
  dealtBefore(tracker: PatternTracker, lines: readonly Place[], pane: PaneSize & { rows: number }): Known {
    const dealtUpTo = (row: number) => {
      const before = { ...this.moment, lines: this.moment.lines.filter((place) => place.row < row) };
      return dealtWith(lines, pane, tracker.progressNow(before, this.topRow));
    };
    const kept = dealtUpTo(this.topRow);
    if (kept.isExact) return { ...kept, end: this.endOfSame(lines, kept.end, pane), heard: [] };
    // where rows can't be compared: by text, and one that was cut off where the history begins is known by its whole alone
    const dealts = [dealtUpTo(historyEnd(this.moment.cols, lines, pane)), kept, dealtUpTo(Number.POSITIVE_INFINITY)];
    const dealt = dealts.reduce((best, one) => (best.isExact || one.end <= best.end ? best : one));
    const isInHistory = (index: number) => (lines[index]?.row ?? Number.POSITIVE_INFINITY) < pane.firstRow;
    const isDealt = (index: number, match: string) =>
      dealt.isDealt(index, match) || (isInHistory(index) && dealts.some((one) => one.isDealt(index, match)));
    return { end: dealt.end, isDealt, heard: [] };
  }

  /**
   * How far the lines behind `end` go on as they did on this screen, and have not been written again since: what came last,
   * unheard, or a smaller screen moved them into the history before it was cleared. A larger one may have taken them back.
   */
  private endOfSame(lines: readonly Place[], end: number, pane: PaneSize & { rows: number }): number {
    const isResized = this.size.cols !== pane.cols || this.size.rows !== pane.rows;
    const limit = isResized ? Number.POSITIVE_INFINITY : pane.firstRow;
    const before = this.moment.lines;
    const last = before.findLastIndex(({ row }) => row < this.topRow);
    if (end >= 0 && (last < 0 || keyOf(lines[end] as Place) !== keyOf(before[last] as Place))) return end;
    for (let same = 1; ; same++) {
      const [now, then] = [lines[end + same], before[last + same]];
      if (!now || !then || now.row >= limit || this.unshown.has(keyOf(now))) return end + same - 1;
      if (keyOf(now) === keyOf(then)) continue;
      // the last one may have gone on below where the history ended
      return isCutFrom(now.line, then.line, [this.size.cols, pane.cols]) ? end + same : end + same - 1;
    }
  }
}
