import { MarkScanner, type OutputPart, parseShellState, type ShellState } from "../tmux/shell-state.ts";
import type { Typed } from "../tmux/typed.ts";
import { findEcho, RestingLines } from "./echo.ts";
import type { Pattern } from "./pattern.ts";
import type { Progress } from "./progress.ts";
import { Screen, type ScreenSeed } from "./screen.ts";
import type { Rows, Sighting } from "./sightings.ts";
import { type Candidate, Watched } from "./watched.ts";

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
    const watched = new Watched(subscription, pattern, 0);
    watched.skip(this.screen, last);
    this.watched.set(subscription, watched);
    this.rest();
    return watched.progress(this.screen, this.resting, this.screen.firstRow);
  }

  /**
   * Watches for a pattern from where another watch has got to. To be called before the first flush, of a watch whose
   * seed has the pane's history: what has come since then fires.
   * @param from the row, as the seed counts them, and the lines seen as well
   */
  restore(subscription: number, pattern: Pattern, progress: Progress): void {
    const watched = new Watched(subscription, pattern, progress.from);
    watched.restore(progress, this.before.last);
    for (const prompt of progress.prompts) this.resting.add(prompt);
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
    for (const watched of this.watched.values()) watched.compare(this.screen);
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
      (lines) => this.judge(this.each((watched) => watched.pass(lines, this.screen.firstRow))),
    );
    for (const watched of this.watched.values()) watched.endRestoring();
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

  private look(): void {
    this.judge(this.each((watched) => watched.look(this.screen)));
  }

  /** Some rows are about to be erased: what stands there won't grow any more. */
  private erase(rows: Rows): void {
    this.look();
    this.judge(this.each((watched) => watched.erase(rows, this.screen.isAlternate)));
  }

  private each(candidates: (watched: Watched) => Candidate[]): Candidate[] {
    return [...this.watched.values()].flatMap(candidates);
  }

  /** The output has paused: what the cursor is on now is there to be seen. */
  private rest(): void {
    this.resting.add(this.screen.cursorLine());
    this.takeUnfinished();
  }

  /** The cursor's line counts as it is. */
  private takeUnfinished(): void {
    this.judge(this.each((watched) => watched.takeUnfinished()));
  }

  /** Forgets what stands above the first row that can still change: it has fired, and stays as it is. */
  private leaveBehind(firstRow: number): void {
    if (this.screen.isAlternate) return;
    for (const watched of this.watched.values()) watched.leaveBehind(firstRow);
  }

  /** Fires, unless it is a redraw or an echo. One after the other, in order of appearance. */
  private judge(found: Candidate[]): void {
    if (found.length === 0) return;
    const candidates = found.toSorted((a, b) => a.sighting.row - b.sighting.row || a.subscription - b.subscription);
    const firstRow = this.screen.firstRow;
    const isAlternate = this.screen.isAlternate;
    this.judging = this.judging.then(async () => {
      const { last, typings } = await this.handlers.typed();
      for (const [i, candidate] of candidates.entries()) {
        const { subscription, sighting } = candidate;
        const watched = this.watched.get(subscription);
        if (!watched) continue; // ended meanwhile
        const isRedraw = watched.isRedraw(candidate, last);
        if (!isRedraw && this.isEcho(subscription, sighting, typings)) continue;
        watched.note(sighting, last, !isAlternate);
        // what is not judged yet must be found again by whoever goes on from here
        const next = candidates.slice(i + 1).find((one) => one.subscription === subscription);
        const from = Math.min(firstRow, next?.sighting.row ?? firstRow);
        const progress = isAlternate ? undefined : watched.progress(this.screen, this.resting, from);
        if (!isRedraw) this.handlers.matched(subscription, sighting, progress);
      }
    });
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
