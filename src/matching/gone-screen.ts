import { type Dealt, dealtWith, historyEnd, type PaneSize } from "./dealt.ts";
import type { Moment, PatternTracker } from "./pattern-tracker.ts";
import type { Place } from "./places.ts";
import { keyOf, type Progress, type Seen } from "./progress.ts";

/** The screen of a pane as it was followed until now, when tmux tells what it shows instead. */
export class GoneScreen {
  private readonly size: { cols: number; rows: number };

  /** @param topRow the row of the normal screen before which nothing can change */
  constructor(
    { cols, rows }: { cols: number; rows: number },
    private readonly moment: Moment,
    private readonly topRow: number,
  ) {
    this.size = { cols, rows };
  }

  /**
   * Which of the lines that the pane shows now a subscription has dealt with on this screen, and what it has heard there.
   * @param lines all that tmux still has of the pane, without blank ones, or the last of them
   * @param how.isComplete whether nothing is there that was not heard
   * @param how.isCleared whether the screen was cleared, but for what had scrolled into the history before
   */
  dealtWith(
    tracker: PatternTracker,
    lines: readonly Place[],
    pane: PaneSize & { rows: number },
    { isComplete, isCleared }: { isComplete: boolean; isCleared: boolean },
  ): Pick<Dealt, "end" | "isDealt"> & { heard: readonly Seen[] } {
    const moments = this.momentsLeft(lines, pane, isCleared);
    const gone = moments.map((moment) => tracker.progressNow(moment, this.topRow));
    const dealts = gone.map((progress) => dealtWith(lines, pane, progress, isComplete));
    const dealt = dealts.reduce((best, one) => (best.isExact || one.end <= best.end ? best : one));
    // before it was cleared, a smaller screen may have moved into the history what was on it, and a larger one taken it back
    const isResized = this.size.cols !== pane.cols || this.size.rows !== pane.rows;
    const end = dealt.isExact && isCleared && isResized ? this.endOfSame(lines, dealt.end) : dealt.end;
    // a line that was cut off where the history begins is known by its whole alone
    const isInHistory = (index: number) => (lines[index]?.row ?? Number.POSITIVE_INFINITY) < pane.firstRow;
    const isDealt = (index: number, match: string) =>
      dealt.isDealt(index, match) || (isInHistory(index) && dealts.some((one) => one.isDealt(index, match)));
    return { end, isDealt, heard: isComplete ? tracker.heard(gone[0] as Progress) : [] };
  }

  /** How far lines go on behind `end` as they did on this screen. */
  private endOfSame(lines: readonly Place[], end: number): number {
    const before = this.moment.lines.map(keyOf);
    const keyAt = (index: number) => keyOf(lines[index] as Place);
    const last = end === -1 ? -1 : before.lastIndexOf(keyAt(end));
    if (end !== -1 && last === -1) return end;
    let same = 0;
    while (end + same + 1 < lines.length && keyAt(end + same + 1) === before[last + same + 1]) same++;
    return end + same;
  }

  /**
   * What of it there may still be: of a screen that was cleared, what has scrolled into the history before. Where that begins
   * is known only by rows.
   */
  private momentsLeft(lines: readonly Place[], pane: PaneSize, isCleared: boolean): Moment[] {
    const { moment } = this;
    if (!isCleared) return [moment];
    const ends = [historyEnd(moment.cols, lines, pane), this.topRow, Number.POSITIVE_INFINITY];
    return ends.map((end) => ({ ...moment, lines: moment.lines.filter(({ row }) => row < end) }));
  }
}
