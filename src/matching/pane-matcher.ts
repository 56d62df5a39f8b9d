import { FairShare } from "../lib/wait.ts";
import { ScreenFilter } from "../tmux/screen-filter.ts";
import { MarkScanner, type OutputPart, parseShellState, type ShellState } from "../tmux/shell-state.ts";
import { dealtWith } from "./dealt.ts";
import { RestingLines } from "./echo.ts";
import { GoneScreen } from "./gone-screen.ts";
import { Judge, type Typings } from "./judge.ts";
import type { Pattern } from "./pattern.ts";
import { type Candidate, type Moment, PatternTracker, recounted } from "./pattern-tracker.ts";
import type { Place } from "./places.ts";
import { type Progress, TRAIL_MAX } from "./progress.ts";
import { Screen, type ScreenLine, type ScreenSeed } from "./screen.ts";
import type { Rows, Sighting } from "./sightings.ts";

/** What a watched pane asks of its owner. */
export interface MatcherHandlers {
  /** what was typed, asked of tmux now */
  typed(): Promise<Typings>;
  /**
   * A line appeared that the subscription's pattern matches. `progress` tells how far it has got by that: to be asked when
   * it is written down, of the last match alone when that is done for several.
   */
  matched(subscription: number, sighting: Sighting, progress: () => string | undefined): void;
  /** it has got that far, without a match */
  progressed(subscription: number, progress: string): void;
  /**
   * The shell told something of itself; `line` is what stands above the cursor then. `typed` is as above, but asked of
   * tmux at most once for all that appeared together.
   */
  told(state: ShellState, line: string, typed: () => Promise<Typings>): Promise<void> | void;
  /** whether a state was told by the pane's own shell */
  isOwn(state: ShellState): boolean;
}

/**
 * How long output must pause before a line that the cursor is still on counts: the end of a write may fall in the
 * middle of a line, and half a line may match where the whole does not.
 */
const QUIET_MS = 20;

/** What a pane shows, of which some has been dealt with: by who watched it before, or by the watch itself. */
export interface MatcherSeed extends ScreenSeed {
  /** how many rows the pane's history may have */
  historyLimit: number;
}

/** A subscription that goes on from where another watch has got to. */
export interface Joining {
  subscription: number;
  pattern: Pattern;
  progress: Progress;
}

/** What is to be done once all that came before a state has been told. */
type Seeded = (typed: () => Promise<Typings>) => Promise<void>;

type Part =
  | OutputPart
  | { type: "size"; cols: number; rows: number }
  | {
      type: "state";
      state: MatcherSeed;
      joining: readonly Joining[];
      isFirst: boolean;
      isComplete: boolean;
      isCleared: boolean;
      /** output that came before it and was not shown */
      unshown: readonly Uint8Array[];
      seeded?: Seeded | undefined;
    };

/** How much output is shown before it is looked whether there are too many. */
const AT_ONCE_BYTES = 16_384;

/** One pane whose screen is watched for patterns. Fires once for each appearance of a matching line. */
export class PaneMatcher implements Disposable {
  private screen: Screen;
  private readonly scanner = new MarkScanner();
  private readonly filter = new ScreenFilter();
  private parts: Part[] = [];
  private size: { cols: number; rows: number };
  private readonly trackers = new Map<number, PatternTracker>();
  /** those that will be watched for from the next state on */
  private readonly joining = new Set<number>();
  private readonly resting: RestingLines;
  private readonly judge: Judge;
  /** the last lines that were left behind */
  private trail: Place[] = [];
  /** the row that comes after them */
  private topRow = 0;
  /** the normal screen, as it was looked at last */
  private moment: Moment = { lines: [], cols: undefined, epoch: 0 };
  private flushing: Promise<void> = Promise.resolve();
  private quiet: Timer | undefined;
  private isFlushing = false;
  /** whether the flush that goes on has shown something */
  private hasShown = false;
  private isOver = false;
  /**
   * Whether tmux may show lines elsewhere than they are thought to be, after another size, or because a full-screen program
   * hid the normal screen when the watch began: then it is to be reseeded.
   */
  isStale = false;
  /** whether that will be so when the full-screen program ends */
  private isGuess = false;

  /**
   * @param before what had been typed before the watch began: its echo is not awaited any more
   * @param joining subscriptions that go on from where they have got to, for which `state` has the pane's history
   */
  constructor(
    state: MatcherSeed,
    private readonly handlers: MatcherHandlers,
    before: Typings,
    joining: readonly Joining[] = [],
  ) {
    this.resting = new RestingLines(isBlank(state));
    this.screen = this.screenOf(state);
    this.size = { cols: state.cols, rows: state.rows };
    const isNew = { isFirst: true, isComplete: false, isCleared: false, unshown: [] };
    this.parts.push({ type: "state", state, joining, ...isNew });
    for (const { subscription } of joining) this.joining.add(subscription);
    const { typed, matched } = handlers;
    this.judge = new Judge({ typed, matched, before, resting: this.resting, tracker: (id) => this.trackers.get(id) });
  }

  /** The ids of the subscriptions watched for. */
  get subscriptions(): number[] {
    return [...this.trackers.keys(), ...this.joining];
  }

  /** The last lines that the pane shows. */
  shownLines(): string[] {
    return this.screen.lines().map(({ line }) => line);
  }

  /** Watches for a pattern from now on: what stands on the screen already does not fire. Returns how far that is. */
  async add(subscription: number, pattern: Pattern): Promise<string | undefined> {
    const { last } = await this.handlers.typed();
    await this.flush();
    const tracker = new PatternTracker(subscription, pattern);
    this.look();
    tracker.skip(this.screen, this.moment.epoch, this.judge.occasionAfter(last));
    this.trackers.set(subscription, tracker);
    this.rest();
    return tracker.progress(this.moment, this.resting, this.screen.normalRow);
  }

  /**
   * Goes on from what the pane shows now, after the output so far: because the pane was cleared for another program, has
   * another size, or wrote what was not heard. What has come since, by the lines there are, fires.
   * @param options.joining as in the constructor
   * @param options.isComplete whether all output was heard: then lines that can't be recognized are not taken for new
   * @param options.isCleared whether the pane was cleared meanwhile: what was not shown yet is there, or is gone
   * @param options.seeded called in order with what is told, after what came by this
   */
  reseed(
    state: MatcherSeed,
    options: {
      joining?: readonly Joining[];
      isComplete?: boolean;
      isCleared?: boolean;
      seeded?: Seeded | undefined;
    } = {},
  ): void {
    const { joining = [], isComplete = false, isCleared = false, seeded } = options;
    this.size = { cols: state.cols, rows: state.rows };
    const unshown = isCleared ? this.parts.flatMap((part) => (part.type === "data" ? [part.data] : [])) : [];
    if (isCleared) this.parts = this.parts.filter(({ type }) => type === "state");
    this.parts.push({ type: "state", state, joining, isFirst: false, isComplete, isCleared, unshown, seeded });
    for (const { subscription } of joining) this.joining.add(subscription);
  }

  /** Stops watching for a subscription. */
  remove(subscription: number): void {
    this.trackers.delete(subscription);
    this.joining.delete(subscription);
  }

  /** Takes output of the pane; it counts at the next flush. */
  write(data: Uint8Array): void {
    for (const part of this.scanner.push(data)) {
      if (part.type === "data") {
        const shown = this.filter.push(part.data);
        if (shown.length > 0) this.parts.push({ type: "data", data: shown });
      } else {
        this.filter.interrupt();
        this.parts.push(part);
      }
    }
  }

  /** Shows the output taken so far, and fires for what appeared. Others have their turn in the midst of much of it. */
  flush(): Promise<void> {
    // one after the other: two at once would mix up their parts
    const before = this.flushing.catch(() => {}); // told by that one
    this.flushing = before.then(async () => {
      this.isFlushing = true;
      try {
        await this.takeParts();
      } finally {
        this.isFlushing = false;
      }
      if (this.hasShown && !this.isOver) this.quiet = setTimeout(() => this.paused(), QUIET_MS);
      this.hasShown = false;
    });
    return this.flushing;
  }

  private async takeParts(): Promise<void> {
    const parts = this.parts;
    this.parts = [];
    this.judge.begin(); // all of it was written before
    let bytes = 0;
    const share = new FairShare();
    for (const part of parts) {
      if (share.isUsedUp) await share.give();
      if (this.isOver) return;
      if (part.type === "data") this.screen.write(part.data);
      else if (part.type === "size") await this.takeSize(part.cols, part.rows);
      else if (part.type === "state") {
        await this.takeState(part);
        if (part.seeded) this.judge.tell(part.seeded);
      } else await this.mark(part.text);
      bytes += part.type === "data" ? part.data.length : AT_ONCE_BYTES;
      if (bytes < AT_ONCE_BYTES) continue;
      bytes = 0;
      await this.show();
      await this.judge.catchUp();
    }
    if (this.isOver) return;
    await this.show();
    await this.judge.catchUp();
  }

  /** Frees the memory of it that can be freed without a loss: whether much was; undefined when it can't be done now. */
  freeMemory(): boolean | undefined {
    return this.isFlushing || this.parts.length > 0 || this.isOver ? undefined : this.screen.freeMemory();
  }

  /** Resolves when all output so far has been shown, and what appeared by it has fired or been found to be an echo. */
  async settle(): Promise<void> {
    await this.flush();
    this.rest();
    await this.judge.done;
  }

  /** The same, but for a line that the cursor is still on. */
  async judged(): Promise<void> {
    await this.flush();
    await this.judge.done;
  }

  /**
   * Follows the pane to another size, after the output so far; lines that move by that are no new appearances.
   * @returns whether it is another one
   */
  resize(cols: number, rows: number): boolean {
    if (cols === this.size.cols && rows === this.size.rows) return false;
    this.size = { cols, rows };
    this.parts.push({ type: "size", ...this.size });
    void this.flush();
    return true;
  }

  private async takeSize(cols: number, rows: number): Promise<void> {
    await this.show();
    if (this.isOver) return;
    this.screen.resize(cols, rows);
    if (this.screen.isAlternate) this.isGuess = true;
    else this.isStale = true;
    this.moment = { ...this.moment, cols: undefined };
    this.lines();
    this.leaveBehind(this.screen.advance());
    // at another width they had other rows
    this.trail = this.trail.map(({ line }, i) => ({ row: this.topRow - this.trail.length + i, line }));
    const lines = this.lines();
    for (const tracker of this.trackers.values()) tracker.resize(this.screen, lines, this.moment);
  }

  private async takeState(part: Part & { type: "state" }): Promise<void> {
    const { state, joining, isFirst, isComplete, isCleared } = part;
    if (!isFirst) await this.show();
    if (isComplete) await this.judge.done; // what has fired is known
    if (this.isOver) return;
    const lines = state.lines.filter(({ line }) => line !== "").map((place) => ({ ...place, isGrowing: false }));
    this.isStale = false;
    this.isGuess = state.alternate !== undefined;
    if (!isFirst && !isCleared && state.alternate && this.screen.isAlternate) {
      // tmux shows what is behind a full-screen program cut off at another width; here it is whole, and can't have changed
      this.screen.resize(state.cols, state.rows);
      this.screen.redraw(state.alternate);
      const shown = this.lines();
      const appeared = this.each((tracker) => tracker.compare(this.screen, shown, undefined));
      const moment = { lines, cols: state.cols, epoch: this.moment.epoch };
      this.fire([...(isComplete ? [] : appeared), ...this.join(joining, moment, state)]);
      return this.save();
    }
    const gone = new GoneScreen(this.screen, this.moment, this.topRow, part.unshown);
    this.resting.forgetRows();
    if (!isFirst) {
      this.screen[Symbol.dispose]();
      this.screen = this.screenOf(state);
    }
    this.screen.start();
    const growing = this.screen.normalLines().find(({ isGrowing }) => isGrowing);
    const last = growing && lines.findLast(({ line }) => line === growing.line);
    if (last) last.isGrowing = true;
    this.topRow = this.screen.normalRow;
    this.trail = lines.filter(({ row }) => row < this.topRow).slice(-TRAIL_MAX);
    this.moment = { lines, cols: state.cols, epoch: this.moment.epoch + 1 };
    const found = this.each((tracker) => {
      const dealt = isCleared
        ? gone.dealtBefore(tracker, lines, state)
        : gone.dealtWith(tracker, lines, state, isComplete);
      return tracker.restart(this.screen, this.moment, dealt, this.judge.occasion);
    });
    this.fire([...found, ...this.join(joining, this.moment, state)]);
    if (isCleared && state.alternate) {
      for (const tracker of this.trackers.values()) tracker.forgetAlternate();
      this.look(); // all of it is another program's
    }
    if (!isFirst) this.save();
    this.pause();
  }

  /** Begins to watch for those that go on from where they have got to; returns what has come since. */
  private join(joining: readonly Joining[], moment: Moment, state: MatcherSeed): Candidate[] {
    return joining.flatMap(({ subscription, pattern, progress }) => {
      if (!this.joining.delete(subscription)) return []; // ended meanwhile
      for (const prompt of progress.prompts) this.resting.add(prompt);
      const tracker = new PatternTracker(subscription, pattern);
      this.trackers.set(subscription, tracker);
      return tracker.restart(this.screen, moment, dealtWith(moment.lines, state, progress), this.judge.occasion);
    });
  }

  /** Notes how far each has got, when what was found so far has been judged. */
  private save(): void {
    const { moment } = this;
    const from = this.screen.normalRow;
    this.judge.tell(() => {
      for (const tracker of this.trackers.values()) {
        this.handlers.progressed(tracker.subscription, tracker.progress(moment, this.resting, from));
      }
    });
  }

  [Symbol.dispose](): void {
    this.isOver = true;
    clearTimeout(this.quiet);
    this.screen[Symbol.dispose]();
  }

  private async show(): Promise<void> {
    if (!this.screen.isDirty) return;
    const wasAlternate = this.screen.isAlternate;
    await this.screen.flush(
      () => {
        this.look();
        this.leaveBehind(this.screen.advance());
      },
      (lines) => this.pass(lines),
    );
    if (this.isGuess && wasAlternate && !this.screen.isAlternate) {
      this.isGuess = false;
      this.isStale = true;
    }
    this.pause();
  }

  /** Something was shown: when the flush is over, its output has paused. Not before, however long the rest of it waits. */
  private pause(): void {
    clearTimeout(this.quiet);
    this.hasShown = true;
  }

  private async mark(text: string): Promise<void> {
    const state = parseShellState(text);
    // any program can print one: what it says would be taken for where prompts are
    if (!state || !this.handlers.isOwn(state)) return;
    await this.show(); // the screen as it was when the shell told this
    if (this.isOver) return;
    // a command that has ended won't go on with its last line
    if (state.word !== "run") this.takeUnfinished();
    if (state.word === "run") this.judge.noteRun();
    if (state.word === "run") this.resting.endPrompt(this.screen.cursorRow);
    else if (state.word !== "end") this.resting.beginPrompt(this.screen.cursorRow);
    const line = this.screen.lineAbove();
    this.judge.tell((typed) => this.handlers.told(state, line, typed));
  }

  private look(): void {
    const lines = this.lines();
    const moment = this.screen.isAlternate ? undefined : this.moment;
    this.fire(this.each((tracker) => tracker.look(this.screen, lines, moment)));
  }

  /** The lines that may have changed; those of the normal screen are remembered. */
  private lines(): ScreenLine[] {
    const lines = this.screen.lines();
    if (!this.screen.isAlternate) this.moment = { ...this.moment, lines: [...this.trail, ...lines] };
    return lines;
  }

  /** Lines that only scroll by: they are left behind at once. */
  private pass(passed: Place[]): void {
    const lines = passed.filter(({ line }) => line !== "");
    this.moment = { ...this.moment, lines: lines.length < TRAIL_MAX ? [...this.trail, ...lines] : lines };
    this.trail = this.moment.lines.slice(-TRAIL_MAX);
    this.topRow = this.screen.normalRow;
    this.fire(this.each((tracker) => tracker.pass(lines, this.screen.firstRow, this.moment)));
  }

  /** Some rows are about to be erased: what stands there won't grow any more. */
  private erase(rows: Rows, isKept: boolean): void {
    this.look();
    if (isKept) this.trail = this.moment.lines.slice(-TRAIL_MAX);
    this.fire(this.each((tracker) => tracker.erase(rows, this.screen.isAlternate)));
  }

  /** The history above the screen is gone: nothing is recognized by it, and rows are counted from the screen's first one. */
  private forget(rows: number, first: number): void {
    const lines = this.moment.lines.filter(({ row }) => row >= first);
    this.trail = [];
    this.topRow = this.screen.normalRow;
    this.resting.recount(rows);
    this.moment = { ...this.moment, lines: recounted(lines, rows), epoch: this.moment.epoch + 1 };
    for (const tracker of this.trackers.values()) tracker.recount(rows, first, this.moment);
  }

  private each(candidates: (tracker: PatternTracker) => Candidate[]): Candidate[] {
    return [...this.trackers.values()].flatMap(candidates);
  }

  private paused(): void {
    if (this.isFlushing) {
      this.hasShown = true; // not yet: it is looked again when that is over
      return;
    }
    this.rest();
  }

  /** The output has paused: what the cursor is on now is there to be seen. */
  private rest(): void {
    this.judge.begin();
    this.resting.add(this.screen.cursorLine());
    this.takeUnfinished();
  }

  /** The cursor's line counts as it is. */
  private takeUnfinished(): void {
    this.fire(this.each((tracker) => tracker.takeUnfinished()));
  }

  /** Forgets what stands above the first row that can still change: it has fired, and stays as it is. */
  private leaveBehind(firstRow: number): void {
    if (this.screen.isAlternate) return;
    if (firstRow < this.topRow) {
      this.takeBack(firstRow);
    } else {
      this.trail = this.moment.lines.filter(({ row }) => row < firstRow).slice(-TRAIL_MAX);
      this.topRow = firstRow;
    }
    for (const tracker of this.trackers.values()) tracker.leaveBehind(firstRow);
  }

  /** A pane that has grown shows lines of its history again: they are looked at from now on, and are none that appear. */
  private takeBack(firstRow: number): void {
    const again = this.screen.lines().filter(({ row }) => row < this.topRow).length;
    this.trail = this.trail.slice(0, Math.max(0, this.trail.length - again));
    this.topRow = firstRow;
    const lines = this.lines();
    for (const tracker of this.trackers.values()) tracker.compare(this.screen, lines, this.moment);
  }

  /** All of these, but for redraws and echoes. */
  private fire(found: Candidate[]): void {
    this.judge.judge(found, this.screen.normalRow);
  }

  private screenOf(state: MatcherSeed): Screen {
    return new Screen(
      state,
      (rows, isKept) => this.erase(rows, isKept),
      (rows, first) => this.forget(rows, first),
    );
  }
}

function isBlank({ lines, alternate }: ScreenSeed): boolean {
  return alternate === undefined && lines.every(({ line }) => line.trim() === "");
}
