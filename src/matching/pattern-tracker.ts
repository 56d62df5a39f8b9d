import type { Dealt } from "./dealt.ts";
import type { RestingLines } from "./echo.ts";
import type { Pattern } from "./pattern.ts";
import { LINE_MAX, type Place } from "./places.ts";
import { formatProgress, type Progress, type Seen, TRAIL_MAX, trailOf } from "./progress.ts";
import type { Screen, ScreenLine } from "./screen.ts";
import { erase, isSame, type Rows, reconcile, type Sighting, type Track } from "./sightings.ts";

/** The lines of a pane in one moment, without blank ones: how far a subscription has got is told by them. */
export interface Moment {
  /** with the lines that were left behind before them, as far as these are remembered */
  lines: readonly (Place & { isGrowing?: boolean })[];
  /** the width by which rows are counted, if they are tmux's own */
  cols: number | undefined;
  /** how often the screen had been made anew: rows are counted from another beginning each time */
  epoch: number;
}

/** A match that is about to fire, if it is neither a redraw nor an echo. */
export interface Candidate {
  subscription: number;
  sighting: Sighting;
  /** whether the same line has been there before, and was erased since */
  isRevived: boolean;
  /** undefined on the alternate screen, of which nothing is kept for a later watch */
  moment: Moment | undefined;
}

const REMEMBERED_MAX = 1000;
/** More lines than a screen has; those that scroll by are not kept for long. */
const FOUND_MAX = 200;
/** What was found before that many recounts is not judged any more. */
const RECOUNTS_MAX = 100;
/** From so many lines on, those dealt with are forgotten that can't change any more, also when nobody asks for a progress. */
const SEEN_MAX = 1000;
/** So many are remembered of those that were written over, as a status line is. */
const WRITTEN_OVER_MAX = 100;

/** One subscription's view of a pane: which lines match, and which of them have been dealt with. */
export class PatternTracker {
  /** rows of the normal screen before this one are not looked at */
  private from = 0;
  private epoch = 0;
  /** the epoch from which on it is known how rows were counted anew, and how */
  private since = 0;
  private recounts: { epoch: number; rows: number; first: number }[] = [];
  /** lines dealt with that stand in rows which may still change, in order */
  private seen: Seen[] = [];
  /** how far it had got by the last match on the normal screen */
  private told: () => string | undefined = () => undefined;
  private tracks: { normal: Track[]; alternate: Track[] } = { normal: [], alternate: [] };
  /** by row: matches on the cursor's line, which wait until it is left or the output pauses */
  private readonly unfinished = new Map<number, Candidate>();
  /** by line: the occasion on which it was seen; on another one, an erased line that comes back is a new one */
  private readonly seenAfter = new Map<string, string>();

  /** what matched in lines */
  private readonly found = new Map<string, ReturnType<Pattern>>();

  constructor(
    readonly subscription: number,
    private readonly pattern: Pattern,
  ) {}

  /** What stands on the screen has been there before: it does not fire, on the occasion `last`. */
  skip(screen: Screen, epoch: number, last: string): void {
    this.begin(epoch);
    this.from = screen.normalRow;
    this.show(screen);
    this.seen = [...this.tracks.normal];
    for (const { line } of [...this.tracks.normal, ...this.tracks.alternate]) this.remember(line, last);
  }

  /**
   * Looks at a screen that was made anew, of the lines of which some have been dealt with: returns what has come since.
   * @param moment the lines of the seed, with the history above it
   * @param dealt.heard what has matched, when all output was heard: each stands for one line that matches so, which may have
   *   looked like another one, or be written over by now, since the size of the pane was told too late
   * @param last the occasion, as far as it is known
   */
  restart(
    screen: Screen,
    moment: Moment,
    { end, isDealt, heard = [] }: Pick<Dealt, "end" | "isDealt"> & { heard?: readonly Seen[] },
    last: string,
  ): Candidate[] {
    const isWaiting = this.unfinished.size > 0;
    this.unfinished.clear();
    this.told = () => undefined;
    this.begin(moment.epoch);
    this.from = screen.normalRow;
    this.show(screen);
    this.seen = [];
    const growing = this.tracks.normal.find((track) => track.isGrowing);
    const found: Candidate[] = [];
    const left = [...heard];
    for (const [index, { row, line, isGrowing = false }] of moment.lines.entries()) {
      const isBefore = index <= end && row < this.from && left.length === 0;
      const match = isBefore ? undefined : this.find(line);
      if (!match) continue;
      const sighting = { row, line, match, isGrowing };
      const at = left.findIndex((one) => isSame(fromMatch(one), fromMatch(sighting)));
      if (at !== -1) left.splice(at, 1);
      const isUpTo = index <= end && !(isGrowing && isWaiting);
      if (isUpTo || at !== -1 || isDealt(index, match.text)) {
        if (row >= this.from) this.seen.push(sighting);
        if (!this.seenAfter.has(line)) this.remember(line, last);
      } else if (isGrowing && growing) {
        this.unfinished.set(growing.row, this.candidate(growing, moment));
      } else {
        found.push(this.candidate(sighting, moment));
      }
    }
    return found;
  }

  private begin(epoch: number): void {
    this.epoch = epoch;
    this.since = epoch;
    this.recounts = [];
  }

  /** Rows before `first` are gone, so many fewer come before each from now on; `moment` is the same moment, counted so. */
  recount(rows: number, first: number, moment: Moment): void {
    this.leaveBehind(first);
    this.from = Math.max(0, this.from - rows);
    this.epoch = moment.epoch;
    this.recounts.push({ epoch: moment.epoch, rows, first });
    if (this.recounts.length > RECOUNTS_MAX) this.since = this.recounts.shift()?.epoch ?? this.since;
    this.seen = recounted(
      this.seen.filter(({ row }) => row >= first),
      rows,
    );
    this.tracks = { ...this.tracks, normal: recounted(this.tracks.normal, rows) };
    const waiting = [...this.unfinished.values()];
    this.unfinished.clear();
    for (const candidate of waiting) {
      const [sighting = candidate.sighting] = recounted([candidate.sighting], rows);
      this.unfinished.set(sighting.row, { ...candidate, sighting, moment });
    }
  }

  /** A line that was seen in an earlier epoch, in the row where it is now; undefined when it is gone, or nobody knows. */
  private whereNow(sighting: Sighting, epoch: number): Sighting | undefined {
    if (epoch < this.since || epoch > this.epoch) return undefined;
    let now: Sighting | undefined = sighting;
    for (const { epoch: next, rows, first } of this.recounts) {
      if (next > epoch && now) now = now.row < first ? undefined : recounted([now], rows)[0];
    }
    return now;
  }

  /** A line has been dealt with, on the occasion `last`. */
  note({ sighting, moment }: Candidate, last: string): void {
    this.remember(sighting.line, last);
    const now = moment && this.whereNow(sighting, moment.epoch);
    if (now) this.seen.push(now);
  }

  /** Whether a line that was erased and came back is the same appearance: nothing was typed or run in between. */
  isRedraw({ sighting, isRevived }: Candidate, last: string): boolean {
    return isRevived && this.seenAfter.get(sighting.line) === last;
  }

  /** What appeared on the screen since the last time. */
  compare(screen: Screen, lines: readonly ScreenLine[], moment: Moment | undefined): Candidate[] {
    const which = screen.isAlternate ? "alternate" : "normal";
    const sightings = this.sightings(lines);
    const { cutRow } = screen;
    // what matched at the beginning of a line, when that is in no history any more, has matched all the same
    const before = this.tracks[which].find(({ row }) => row === cutRow);
    if (before && !sightings.some(({ row }) => row === cutRow)) {
      const line = lines.find(({ row }) => row === cutRow);
      if (line) sightings.unshift({ ...before, isGrowing: line.isGrowing });
    }
    const { tracks, appeared, revived } = reconcile(this.tracks[which], sightings, performance.now());
    this.tracks[which] = tracks;
    return [
      ...appeared.map((sighting) => this.candidate(sighting, moment)),
      ...revived.map((sighting) => this.candidate(sighting, moment, true)),
    ];
  }

  /** Lines have moved, since the screen has another size: none of them appeared, and what waits does so in its row of now. */
  resize(screen: Screen, lines: readonly ScreenLine[], moment: Moment): void {
    this.compare(screen, lines, moment);
    const tracks = screen.isAlternate ? this.tracks.alternate : this.tracks.normal;
    const waiting = [...this.unfinished.values()];
    this.unfinished.clear();
    for (const candidate of waiting) {
      const same = tracks.find(({ line, goneAt }) => goneAt === undefined && line === candidate.sighting.line);
      const sighting = same ?? candidate.sighting;
      this.unfinished.set(sighting.row, { ...candidate, sighting });
    }
  }

  /** As compare(), but a match on the cursor's line waits; what waited comes with it when the cursor has left its line. */
  look(screen: Screen, lines: readonly ScreenLine[], moment: Moment | undefined): Candidate[] {
    const candidates = this.compare(screen, lines, moment);
    const ready = [...this.finished(screen, moment), ...candidates.filter(({ sighting }) => !sighting.isGrowing)];
    for (const candidate of candidates.filter(({ sighting }) => sighting.isGrowing)) {
      this.unfinished.set(candidate.sighting.row, candidate);
    }
    return ready;
  }

  /** What a full-screen program shows is new. */
  forgetAlternate(): void {
    this.tracks.alternate = [];
  }

  /** Lines that have scrolled by: each appeared, once. Rows before `end` can change no more. */
  pass(lines: readonly Place[], end: number, moment: Moment): Candidate[] {
    this.tracks.normal = this.tracks.normal.filter(({ row }) => row >= end);
    return lines.flatMap(({ row, line }) => {
      const match = row < this.from ? undefined : this.pattern(line); // it won't be looked at again
      return match ? [this.candidate({ row, line, match, isGrowing: false }, moment)] : [];
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

  /**
   * How far it has got with a match, when all rows before `from` are done with: to be asked before the next match is
   * judged, or not at all. A match on the alternate screen changes nothing about it.
   */
  progressBy({ sighting, moment }: Candidate, resting: RestingLines, from: number): () => string | undefined {
    if (!moment) return this.told;
    if (this.seen.length > SEEN_MAX && moment.epoch === this.epoch) this.forgetSeen(from);
    this.told = () => this.format(moment, resting, { from, row: sighting.row });
    return this.told;
  }

  /** How far it has got when all that is there has been dealt with. */
  progress(moment: Moment, resting: RestingLines, from: number): string {
    // the cursor's line may still become another one
    const rows = new Set(this.seen.map(({ row }) => row));
    const lines = moment.lines.filter(({ row, isGrowing = false }) => !isGrowing || rows.has(row));
    return this.format({ ...moment, lines }, resting, { from, row: Number.POSITIVE_INFINITY });
  }

  /** The same, to go on from in a moment, with the rows that wait left to be looked at; all before `from` is done with. */
  progressNow(moment: Moment, from: number): Progress {
    const lines = moment.lines.filter((place) => !this.unfinished.has(place.row) && !this.mayChange(place));
    const trail = trailOf(lines, lines.length - 1, from);
    const seen = lines.flatMap(({ row, line }, i) => {
      const match = row >= from || i >= lines.length - TRAIL_MAX ? this.find(line) : undefined;
      return match ? [{ row, line: line.slice(0, LINE_MAX), match }] : [];
    });
    return { from, cols: moment.cols, seen, ...trail, prompts: [] };
  }

  /** What has been dealt with by progressNow(), also of lines that were written over since. */
  heard({ seen }: Progress): Seen[] {
    const isThere = (one: Seen) => seen.some(({ row, line }) => row === one.row && one.line.startsWith(line));
    return [...seen, ...this.seen.filter((one) => !isThere(one))];
  }

  /** What matches in a line: each that stands on the screen is matched once, however often it is looked at. */
  private find(line: string): ReturnType<Pattern> {
    if (line.length > LINE_MAX) return this.pattern(line);
    const known = this.found.get(line);
    if (known !== undefined || this.found.has(line)) return known;
    const match = this.pattern(line);
    if (this.found.size >= FOUND_MAX) this.found.clear();
    this.found.set(line, match);
    return match;
  }

  /** Whether it is a line that nobody has dealt with and that may go on: a prompt, behind which something is typed. */
  private mayChange(place: Place & { isGrowing?: boolean }): boolean {
    return place.isGrowing === true && this.find(place.line) === undefined;
  }

  private format(moment: Moment, resting: RestingLines, { from, row }: { from: number; row: number }): string {
    const { lines, cols, epoch } = moment;
    const trail = trailOf(lines, endOf(lines, row), from);
    // of before the screen was made anew: its rows mean nothing any more
    if (epoch !== this.epoch) return formatProgress({ from, cols: undefined, seen: [], ...trail }, resting);
    this.forgetSeen(from);
    return formatProgress({ from, cols, seen: [...newestByRow(this.seen).values()], ...trail }, resting);
  }

  /** Forgets what stands in rows before `from`, which can't change any more, and most of what was written over since. */
  private forgetSeen(from: number): void {
    const left = this.seen.filter(({ row }) => row >= from);
    const newest = newestByRow(left);
    const first = left.length - WRITTEN_OVER_MAX;
    this.seen =
      left.length <= WRITTEN_OVER_MAX ? left : left.filter((one, i) => i >= first || newest.get(one.row) === one);
  }

  /** Takes what stands on the screen for what has been there before. */
  private show(screen: Screen): void {
    const take = (lines: Iterable<ScreenLine>) => reconcile([], this.sightings(lines), performance.now()).tracks;
    this.tracks = { normal: take(screen.normalLines()), alternate: screen.isAlternate ? take(screen.lines()) : [] };
  }

  private sightings(lines: Iterable<ScreenLine>): Sighting[] {
    return [...lines].flatMap((place) => {
      const match = place.row < this.from ? undefined : this.find(place.line);
      return match ? [{ ...place, match }] : [];
    });
  }

  /** Takes the matches whose line the cursor has left; those that match no more have been half a line. */
  private finished(screen: Screen, moment: Moment | undefined): Candidate[] {
    const tracks = screen.isAlternate ? this.tracks.alternate : this.tracks.normal;
    return [...this.unfinished].flatMap(([row, candidate]) => {
      const sighting = tracks.find((track) => track.row === row && track.goneAt === undefined);
      if (sighting?.isGrowing) {
        this.unfinished.set(row, { ...candidate, sighting, moment });
        return [];
      }
      this.unfinished.delete(row);
      return sighting ? [{ ...candidate, sighting, moment }] : [];
    });
  }

  private candidate(sighting: Sighting, moment: Moment | undefined, isRevived = false): Candidate {
    return { subscription: this.subscription, sighting, isRevived, moment };
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

/** Of lines in the same row, the last one. */
function newestByRow(seen: readonly Seen[]): Map<number, Seen> {
  return new Map(seen.map((one) => [one.row, one]));
}

/** The part of a line that matches, and what stands behind it. */
function fromMatch({ line, match }: Seen): string {
  return line.slice(Math.max(0, line.indexOf(match.text)));
}

/** Lines when so many rows fewer come before each: one whose beginning is gone goes on in the first. Pure. */
export function recounted<T extends Place>(lines: readonly T[], rows: number): T[] {
  return lines.map((line) => ({ ...line, row: Math.max(0, line.row - rows) }));
}

/** The index of the last line that begins in a row or above it. */
function endOf(lines: readonly Place[], row: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.row ?? 0) <= row) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
