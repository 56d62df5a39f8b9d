import type { RestingLines } from "./echo.ts";
import type { Pattern } from "./pattern.ts";
import { formatProgress, keepSeen, type Progress, type Seen } from "./progress.ts";
import type { PlainLine, Screen } from "./screen.ts";
import { erase, isSame, type Rows, reconcile, type Sighting, type Track } from "./sightings.ts";

/** A match that is about to fire, if it is neither a redraw nor an echo. */
export interface Candidate {
  subscription: number;
  sighting: Sighting;
  /** whether the same line has been there before, and was erased since */
  isRevived: boolean;
}

const REMEMBERED_MAX = 1000;

/** One subscription's view of a pane: which lines match, and which of them have been dealt with. */
export class Watched {
  /** rows before this one are done with */
  private doneTo: number;
  /** what had been dealt with by the watch before, by row, while the screen is made from the history */
  private readonly restored = new Map<number, string>();
  /** lines dealt with, in order: those that were there before, and those that fired */
  private seen: Seen[] = [];
  private readonly tracks: { normal: Track[]; alternate: Track[] } = { normal: [], alternate: [] };
  /** by row: matches on the cursor's line, which wait until it is left or the output pauses */
  private readonly unfinished = new Map<number, Candidate>();
  /** by line: the last typing when it was seen; after another one, an erased line that comes back is a new one */
  private readonly seenAfter = new Map<string, string>();

  /** @param from rows before this one are not looked at */
  constructor(
    readonly subscription: number,
    private readonly pattern: Pattern,
    private from: number,
  ) {
    this.doneTo = from;
  }

  /** Goes on from what another watch had seen, as of the typing `last`. */
  restore({ seen }: Progress, last: string): void {
    this.seen = seen;
    for (const { row, match } of seen) this.restored.set(row, match.text);
    for (const { line } of seen) this.remember(line, last);
  }

  /** The screen has been made from the history; what comes now is new. */
  endRestoring(): void {
    this.restored.clear();
  }

  /** What stands on the screen has been there before: it does not fire, as of the typing `last`. */
  skip(screen: Screen, last: string): void {
    for (const { sighting } of this.compare(screen)) this.note(sighting, last, true);
    this.from = screen.firstRow;
  }

  /** A line has been dealt with, as of the typing `last`; rows of the alternate screen are of no use to a later watch. */
  note(sighting: Sighting, last: string, isKept: boolean): void {
    this.remember(sighting.line, last);
    if (isKept) this.seen.push(sighting);
  }

  /** Whether a line that was erased and came back is the same appearance: nothing was typed in between. */
  isRedraw({ sighting, isRevived }: Candidate, last: string): boolean {
    return isRevived && this.seenAfter.get(sighting.line) === last;
  }

  /** What appeared on the screen since the last time. */
  compare(screen: Screen): Candidate[] {
    const sightings = [...screen.lines()].flatMap(({ text, ...rest }) => {
      const match = rest.row < this.from ? undefined : this.pattern(text);
      return match ? [{ ...rest, line: text, match }] : [];
    });
    const which = screen.isAlternate ? "alternate" : "normal";
    const { tracks, appeared, revived } = reconcile(this.tracks[which], sightings, performance.now());
    this.tracks[which] = tracks;
    return [
      ...appeared.filter((sighting) => !this.isRestored(sighting)).map((sighting) => this.candidate(sighting, false)),
      ...revived.map((sighting) => this.candidate(sighting, true)),
    ];
  }

  /** As compare(), but a match on the cursor's line waits; what waited comes with it when the cursor has left its line. */
  look(screen: Screen): Candidate[] {
    const candidates = this.compare(screen);
    const ready = [...this.finished(screen), ...candidates.filter(({ sighting }) => !sighting.isGrowing)];
    for (const candidate of candidates.filter(({ sighting }) => sighting.isGrowing)) {
      this.unfinished.set(candidate.sighting.row, candidate);
    }
    return ready;
  }

  /** Lines that have scrolled by: each appeared, once. Rows before `end` can change no more. */
  pass(lines: readonly PlainLine[], end: number): Candidate[] {
    this.tracks.normal = this.tracks.normal.filter(({ row }) => row >= end);
    return lines.flatMap(({ row, text }) => {
      const match = row < this.from ? undefined : this.pattern(text);
      const sighting = match && { row, line: text, match, isGrowing: false };
      return sighting && !this.isRestored(sighting) ? [this.candidate(sighting, false)] : [];
    });
  }

  /** Some rows are about to be erased: returns what waited there, which won't grow any more. */
  erase(rows: Rows, isAlternate: boolean): Candidate[] {
    const which = isAlternate ? "alternate" : "normal";
    this.tracks[which] = erase(this.tracks[which], rows, performance.now());
    return [...this.unfinished].flatMap(([row, candidate]) => {
      if (row < rows.from || row > rows.to) return [];
      this.unfinished.delete(row);
      return [candidate];
    });
  }

  /** What waits on the cursor's line counts as it is. */
  takeUnfinished(): Candidate[] {
    const candidates = [...this.unfinished.values()];
    this.unfinished.clear();
    return candidates;
  }

  /** Forgets what stands above the first row of the normal screen that can still change: it stays as it is. */
  leaveBehind(firstRow: number): void {
    this.tracks.normal = this.tracks.normal.filter((track) => track.row >= firstRow || track.goneAt !== undefined);
  }

  /** How far it has got, when all before a row is done with. */
  progress(screen: Screen, resting: RestingLines, firstRow: number): string {
    const from = Math.max(this.doneTo, firstRow); // never back: on a screen made from the history all rows are new
    this.doneTo = from;
    this.seen = keepSeen(this.seen, from);
    // the cursor's line may still become another one
    const anchors = this.seen.length > 0 ? [] : [...screen.lines()].filter(({ isGrowing }) => !isGrowing);
    return formatProgress(
      {
        from,
        seen: this.seen.map(({ row, line, match }) => ({ row, line, match })),
        anchors: anchors.map(({ row, text }) => ({ row, line: text })),
      },
      resting,
    );
  }

  /** Takes the matches whose line the cursor has left; those that match no more have been half a line. */
  private finished(screen: Screen): Candidate[] {
    const tracks = screen.isAlternate ? this.tracks.alternate : this.tracks.normal;
    return [...this.unfinished].flatMap(([row, candidate]) => {
      const sighting = tracks.find((track) => track.row === row && track.goneAt === undefined);
      if (sighting?.isGrowing) {
        this.unfinished.set(row, { ...candidate, sighting });
        return [];
      }
      this.unfinished.delete(row);
      return sighting ? [{ ...candidate, sighting }] : [];
    });
  }

  private candidate(sighting: Sighting, isRevived: boolean): Candidate {
    return { subscription: this.subscription, sighting, isRevived };
  }

  private isRestored({ row, match }: Sighting): boolean {
    const text = this.restored.get(row);
    return text !== undefined && isSame(text, match.text);
  }

  private remember(line: string, last: string): void {
    this.seenAfter.delete(line);
    this.seenAfter.set(line, last);
    if (this.seenAfter.size <= REMEMBERED_MAX) return;
    for (const oldest of this.seenAfter.keys()) {
      this.seenAfter.delete(oldest);
      break;
    }
  }
}
