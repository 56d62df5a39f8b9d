import { MarkScanner, type OutputPart, parseShellState, type ShellState } from "../tmux/shell-state.ts";
import type { Typed } from "../tmux/typed.ts";
import { findEcho, RestingLines } from "./echo.ts";
import type { Pattern } from "./pattern.ts";
import { formatProgress, keepSeen, type Progress, type Seen } from "./progress.ts";
import { type PlainLine, Screen, type ScreenSeed } from "./screen.ts";
import { erase, isSame, type Rows, reconcile, type Sighting, type Track } from "./sightings.ts";

/** What pane-exec typed into the pane of late, as tmux tells it. */
export interface Typings {
  /** the stamp of the last one, "" if there was none */
  last: string;
  typings: Typed[];
}

/** What a watched pane asks of its owner. */
export interface PaneWatchHandlers {
  /** what was typed, asked of tmux now */
  typed(): Promise<Typings>;
  /** a line appeared that the subscription's pattern matches; `progress` is how far it has got by that */
  matched(subscription: number, sighting: Sighting, progress: string | undefined): void;
  /** the shell told something of itself; `line` is what stands above the cursor then */
  told(state: ShellState, line: string): Promise<void> | void;
}

/**
 * How long output must pause before a line that the cursor is still on counts: the end of a write may fall in the
 * middle of a line, and half a line may match where the whole does not.
 */
const QUIET_MS = 20;
const REMEMBERED_MAX = 1000;

/** One subscription's view of the pane. */
interface Watched {
  pattern: Pattern;
  /** rows before this one are not looked at */
  from: number;
  /** rows before this one are done with */
  doneTo: number;
  /** what had been dealt with by the watch before, by row, while the screen is made from the history */
  restored: Map<number, string>;
  /** lines dealt with, in order: those that were there before, and those that fired */
  seen: Seen[];
  tracks: { normal: Track[]; alternate: Track[] };
  /** by row: matches on the cursor's line, which wait until it is left or the output pauses */
  unfinished: Map<number, Candidate>;
  /** by line: the last typing when it was seen; after another one, an erased line that comes back is a new one */
  seenAfter: Map<string, string>;
}

interface Candidate {
  subscription: number;
  sighting: Sighting;
  isRevived: boolean;
}

/** One pane whose screen is watched for patterns. Fires once for each appearance of a matching line. */
export class PaneWatch implements Disposable {
  private readonly screen: Screen;
  private readonly scanner = new MarkScanner();
  private parts: (OutputPart | { type: "size"; cols: number; rows: number })[] = [];
  private size: { cols: number; rows: number };
  private readonly watched = new Map<number, Watched>();
  private readonly resting: RestingLines;
  /** echoes that have been seen: another line that looks like one is output */
  private readonly echoes = new Set<string>();
  private flushing: Promise<void> = Promise.resolve();
  private judging: Promise<void> = Promise.resolve();
  private quiet: Timer | undefined;

  /** @param before what had been typed before the watch began: its echo is not awaited any more */
  constructor(
    seed: ScreenSeed,
    private readonly handlers: PaneWatchHandlers,
    private readonly before: Typings,
  ) {
    this.resting = new RestingLines(seed.lines.every((line) => line.trim() === ""));
    this.screen = new Screen(seed, (rows) => this.erase(rows));
    this.size = { cols: seed.cols, rows: seed.rows };
  }

  /** The ids of the subscriptions watched for. */
  get subscriptions(): number[] {
    return [...this.watched.keys()];
  }

  /** Watches for a pattern from now on: what stands on the screen already does not fire. Returns how far that is. */
  async add(subscription: number, pattern: Pattern): Promise<string | undefined> {
    const { last } = await this.handlers.typed();
    await this.flush();
    const watched = newWatched(pattern, 0);
    for (const { sighting } of this.compare(subscription, watched)) {
      remember(watched.seenAfter, sighting.line, last);
      watched.seen.push(sighting);
    }
    watched.from = this.screen.firstRow;
    this.watched.set(subscription, watched);
    this.rest();
    return this.progress(watched, watched.from);
  }

  /**
   * Watches for a pattern from where another watch has got to. To be called before the first flush, of a watch whose
   * seed has the pane's history: what has come since then fires.
   * @param from the row, as the seed counts them, and the lines seen as well
   */
  restore(subscription: number, pattern: Pattern, { from, seen, prompts }: Progress): void {
    const watched = newWatched(pattern, from);
    watched.seen = seen;
    for (const { row, match } of seen) watched.restored.set(row, match.text);
    for (const { line } of seen) remember(watched.seenAfter, line, this.before.last);
    for (const prompt of prompts) this.resting.add(prompt);
    this.watched.set(subscription, watched);
  }

  /** Stops watching for a subscription. */
  remove(subscription: number): void {
    this.watched.delete(subscription);
  }

  /** Takes output of the pane; it counts at the next flush. */
  write(data: Uint8Array): void {
    this.parts.push(...this.scanner.push(data));
  }

  /** Shows the output taken so far, and fires for what appeared. */
  flush(): Promise<void> {
    // one after the other: two at once would mix up their parts
    this.flushing = this.flushing.then(async () => {
      const parts = this.parts;
      this.parts = [];
      for (const part of parts) {
        if (part.type === "data") this.screen.write(part.data);
        else if (part.type === "size") await this.takeSize(part.cols, part.rows);
        else await this.mark(part.text);
      }
      await this.show();
    });
    return this.flushing;
  }

  /** Resolves when all output so far has been shown, and what appeared by it has fired or been found to be an echo. */
  async settle(): Promise<void> {
    await this.flush();
    this.rest();
    await this.judging;
  }

  /** Follows the pane to another size, after the output so far; lines that move by that are no new appearances. */
  resize(cols: number, rows: number): void {
    if (cols === this.size.cols && rows === this.size.rows) return;
    this.size = { cols, rows };
    this.parts.push({ type: "size", ...this.size });
    void this.flush();
  }

  private async takeSize(cols: number, rows: number): Promise<void> {
    await this.show();
    this.screen.resize(cols, rows);
    // a pane that grows shows lines of its history again, which are looked at again from now on
    this.screen.advance();
    for (const [subscription, watched] of this.watched) this.compare(subscription, watched);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.quiet);
    this.screen[Symbol.dispose]();
  }

  private async show(): Promise<void> {
    if (!this.screen.isDirty) return;
    await this.screen.flush(
      () => {
        this.look();
        this.leaveBehind(this.screen.advance());
      },
      (lines) => this.pass(lines),
    );
    for (const { restored } of this.watched.values()) restored.clear();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.rest(), QUIET_MS);
  }

  private async mark(text: string): Promise<void> {
    const state = parseShellState(text);
    if (!state) return;
    await this.show(); // the screen as it was when the shell told this
    // a command that has ended won't go on with its last line
    if (state.word !== "run") this.takeUnfinished();
    const line = this.screen.lineAbove();
    this.judging = this.judging.then(() => this.handlers.told(state, line));
  }

  /** Lines that have scrolled by: each appeared, once. */
  private pass(lines: readonly PlainLine[]): void {
    const candidates: Candidate[] = [];
    const end = this.screen.firstRow;
    for (const [subscription, watched] of this.watched) {
      for (const { row, text } of lines) {
        const match = row < watched.from ? undefined : watched.pattern(text);
        const sighting = match && { row, line: text, match, isGrowing: false };
        if (sighting && !isRestored(watched, sighting)) candidates.push({ subscription, sighting, isRevived: false });
      }
      watched.tracks.normal = watched.tracks.normal.filter(({ row }) => row >= end);
    }
    this.judge(candidates);
  }

  private look(): void {
    const ready: Candidate[] = [];
    for (const [subscription, watched] of this.watched) {
      const candidates = this.compare(subscription, watched);
      ready.push(...this.finished(watched), ...candidates.filter(({ sighting }) => !sighting.isGrowing));
      for (const candidate of candidates.filter(({ sighting }) => sighting.isGrowing)) {
        watched.unfinished.set(candidate.sighting.row, candidate);
      }
    }
    this.judge(ready);
  }

  /** Some rows are about to be erased: what stands there won't grow any more. */
  private erase(rows: Rows): void {
    this.look();
    const ended: Candidate[] = [];
    for (const watched of this.watched.values()) {
      for (const [row, candidate] of watched.unfinished) {
        if (row < rows.from || row > rows.to) continue;
        watched.unfinished.delete(row);
        ended.push(candidate);
      }
      const screen = this.screen.isAlternate ? "alternate" : "normal";
      watched.tracks[screen] = erase(watched.tracks[screen], rows, performance.now());
    }
    this.judge(ended);
  }

  /** What appeared for a subscription since the last time. */
  private compare(subscription: number, watched: Watched): Candidate[] {
    const sightings = [...this.screen.lines()].flatMap(({ text, ...rest }) => {
      const match = rest.row < watched.from ? undefined : watched.pattern(text);
      return match ? [{ ...rest, line: text, match }] : [];
    });
    const screen = this.screen.isAlternate ? "alternate" : "normal";
    const { tracks, appeared, revived } = reconcile(watched.tracks[screen], sightings, performance.now());
    watched.tracks[screen] = tracks;
    return [
      ...appeared
        .filter((sighting) => !isRestored(watched, sighting))
        .map((sighting) => ({ subscription, sighting, isRevived: false })),
      ...revived.map((sighting) => ({ subscription, sighting, isRevived: true })),
    ];
  }

  /** Takes the matches whose line the cursor has left; those that match no more have been half a line. */
  private finished(watched: Watched): Candidate[] {
    const { tracks, unfinished } = watched;
    const now = this.screen.isAlternate ? tracks.alternate : tracks.normal;
    return [...unfinished].flatMap(([row, candidate]) => {
      const sighting = now.find((track) => track.row === row && track.goneAt === undefined);
      if (sighting?.isGrowing) {
        unfinished.set(row, { ...candidate, sighting });
        return [];
      }
      unfinished.delete(row);
      return sighting ? [{ ...candidate, sighting }] : [];
    });
  }

  /** The output has paused: what the cursor is on now is there to be seen. */
  private rest(): void {
    this.resting.add(this.screen.cursorLine());
    this.takeUnfinished();
  }

  /** The cursor's line counts as it is. */
  private takeUnfinished(): void {
    const candidates = [...this.watched.values()].flatMap(({ unfinished }) => [...unfinished.values()]);
    for (const { unfinished } of this.watched.values()) unfinished.clear();
    this.judge(candidates);
  }

  /** Forgets what stands above the first row that can still change: it has fired, and stays as it is. */
  private leaveBehind(firstRow: number): void {
    if (this.screen.isAlternate) return;
    for (const { tracks } of this.watched.values()) {
      tracks.normal = tracks.normal.filter((track) => track.row >= firstRow || track.goneAt !== undefined);
    }
  }

  /** Fires, unless it is a redraw or an echo. One after the other, in order of appearance. */
  private judge(found: Candidate[]): void {
    if (found.length === 0) return;
    const candidates = found.toSorted((a, b) => a.sighting.row - b.sighting.row || a.subscription - b.subscription);
    const firstRow = this.screen.firstRow;
    const isAlternate = this.screen.isAlternate;
    this.judging = this.judging.then(async () => {
      const { last, typings } = await this.handlers.typed();
      for (const [i, { subscription, sighting, isRevived }] of candidates.entries()) {
        const watched = this.watched.get(subscription);
        if (!watched) continue; // ended meanwhile
        const isRedraw = isRevived && watched.seenAfter.get(sighting.line) === last;
        if (!isRedraw && this.isEcho(subscription, sighting, typings)) continue;
        remember(watched.seenAfter, sighting.line, last);
        if (!isAlternate) watched.seen.push(sighting);
        // what is not judged yet must be found again by whoever goes on from here
        const next = candidates.slice(i + 1).find((candidate) => candidate.subscription === subscription);
        const from = Math.min(firstRow, next?.sighting.row ?? firstRow);
        const progress = isAlternate ? undefined : this.progress(watched, from);
        if (!isRedraw) this.handlers.matched(subscription, sighting, progress);
      }
    });
  }

  /** How far a subscription has got, when all before a row is done with. */
  private progress(watched: Watched, firstRow: number): string {
    const from = Math.max(watched.doneTo, firstRow); // never back: on a screen made from the history all rows are new
    watched.doneTo = from;
    watched.seen = keepSeen(watched.seen, from);
    const { seen } = watched;
    // the cursor's line may still become another one
    const anchors = seen.length > 0 ? [] : [...this.screen.lines()].filter(({ isGrowing }) => !isGrowing);
    return formatProgress(
      {
        from,
        seen: seen.map(({ row, line, match }) => ({ row, line, match })),
        anchors: anchors.map(({ row, text }) => ({ row, line: text })),
      },
      this.resting,
    );
  }

  private isEcho(subscription: number, sighting: Sighting, typings: Typed[]): boolean {
    const isKnown = (typed: Typed) => this.before.typings.some(({ id }) => id === typed.id);
    for (const typed of typings) {
      const echo = isKnown(typed) ? undefined : findEcho(sighting, typed, this.resting);
      if (!echo) continue;
      // the terminal may echo it, and then the shell at its prompt; what shows it again is a program
      const key = `${subscription} ${typed.id} ${echo.line} ${echo.hasPrompt}`;
      if (this.echoes.has(key)) continue;
      this.echoes.add(key);
      return true;
    }
    return false;
  }
}

function isRestored({ restored }: Watched, { row, match }: Sighting): boolean {
  const text = restored.get(row);
  return text !== undefined && isSame(text, match.text);
}

function newWatched(pattern: Pattern, from: number): Watched {
  return {
    pattern,
    from,
    doneTo: from,
    restored: new Map(),
    seen: [],
    tracks: { normal: [], alternate: [] },
    unfinished: new Map(),
    seenAfter: new Map(),
  };
}

function remember(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= REMEMBERED_MAX) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}
