import { FairShare } from "../lib/wait.ts";
import type { Typed } from "../tmux/typed.ts";
import { findBrokenEcho, findEcho, type RestingLines } from "./echo.ts";
import type { Candidate, PatternTracker } from "./pattern-tracker.ts";
import type { Sighting } from "./sightings.ts";

/** What pane-exec typed into the pane recently, as tmux tells it. */
export interface Typings {
  /** the stamp of the last one, "" if there was none */
  last: string;
  typings: Typed[];
  /** whether something more was typed, perhaps here: the pane was gone before it could be asked */
  isUnknown?: boolean;
}

/** What a Judge asks of its owner. */
export interface JudgeOptions {
  /** what was typed, asked of tmux now */
  typed(): Promise<Typings>;
  /** the subscription's view of the pane; undefined when it has ended */
  tracker(subscription: number): PatternTracker | undefined;
  /** as of MatcherHandlers */
  matched(subscription: number, sighting: Sighting, progress: () => string | undefined): void;
  /** the lines that have rested, by which prompts are known */
  resting: RestingLines;
  /** what had been typed before the watch began: its echo is not awaited any more */
  before: Typings;
}

/** Matches that are to be judged, as of one look at the screen, or something else that is to be told in order with them. */
type Found =
  | { typed: () => Promise<Typings>; candidates: Candidate[]; firstRow: number; runs: number }
  | { typed: () => Promise<Typings>; tell: (typed: () => Promise<Typings>) => Promise<void> | void };

/** As many matches and words of the shell may be on their way; more output is shown when they have been dealt with. */
const ON_THEIR_WAY_MAX = 1000;

/** Decides which matches fire, one after the other in order of appearance: those that are neither a redraw nor an echo. */
export class Judge {
  /** how many commands the shell has told of, as it began to run them */
  private runs = 0;
  /** what was typed, asked of tmux after that appeared which is looked at now */
  private typed: () => Promise<Typings>;
  /** what is to be judged or told, in order */
  private found: Found[] = [];
  /** how many matches and words of the shell are not dealt with yet */
  private onTheirWay = 0;
  private judging: Promise<void> = Promise.resolve();
  /** echoes that have been seen: another line that looks like one is output */
  private readonly echoes = new Set<string>();

  constructor(private readonly options: JudgeOptions) {
    this.typed = this.askOnce();
  }

  /** Something appears now: what was typed before it is asked of tmux once for all of it, when somebody wants to know. */
  begin(): void {
    this.typed = this.askOnce();
  }

  /** The shell runs another command: an erased line that comes back after that is a new one. */
  noteRun(): void {
    this.runs++;
  }

  /** That of what was there before the watch began, or of the screen as it is. */
  get occasion(): string {
    return this.occasionAfter(this.options.before.last);
  }

  /** What a line that was erased may come back by: as long as this is the same, it is drawn again. */
  occasionAfter(lastTyping: string): string {
    return occasion(lastTyping, this.runs);
  }

  /** Takes what was found in one look. All rows before `firstRow` are done with. */
  judge(found: Candidate[], firstRow: number): void {
    if (found.length === 0) return;
    const candidates = found.toSorted((a, b) => a.sighting.row - b.sighting.row || a.subscription - b.subscription);
    this.push({ typed: this.typed, candidates, firstRow, runs: this.runs });
  }

  /** Tells something in order with what is judged. */
  tell(tell: (typed: () => Promise<Typings>) => Promise<void> | void): void {
    this.push({ typed: this.typed, tell });
  }

  /** Resolves when all that was found so far has been dealt with. */
  get done(): Promise<void> {
    return this.judging;
  }

  /** Waits when too many are on their way: what a pane writes must not fill the memory. */
  async catchUp(): Promise<void> {
    if (this.onTheirWay > ON_THEIR_WAY_MAX) await this.judging;
  }

  private push(found: Found): void {
    this.found.push(found);
    this.onTheirWay += sizeOf(found);
    this.judging = this.judging.then(() => this.dealWithFound());
  }

  /** Asks what was typed when it is first called: a flood of matches must not become one of questions. */
  private askOnce(): () => Promise<Typings> {
    let asked: Promise<Typings> | undefined;
    return () => {
      asked ??= this.options.typed();
      return asked;
    };
  }

  private async dealWithFound(): Promise<void> {
    const found = this.found;
    this.found = [];
    for (const one of found) {
      if ("tell" in one) await one.tell(one.typed);
      else await this.judgeAll(one, await one.typed());
      this.onTheirWay -= sizeOf(one);
    }
  }

  private async judgeAll(
    { candidates, firstRow, runs }: Extract<Found, { candidates: Candidate[] }>,
    typed: Typings,
  ): Promise<void> {
    const { last } = typed;
    const now = occasion(last, runs);
    // what is not judged yet must be found again by whoever goes on from here
    const next = new Map<number, number>();
    const rows = candidates.toReversed().map(({ subscription, sighting }) => {
      const row = next.get(subscription) ?? firstRow;
      next.set(subscription, sighting.row);
      return Math.min(firstRow, row);
    });
    const share = new FairShare();
    for (const candidate of candidates) {
      if (share.isUsedUp) await share.give();
      const from = rows.pop() ?? firstRow;
      const { subscription, sighting } = candidate;
      const tracker = this.options.tracker(subscription);
      if (!tracker) continue; // ended meanwhile
      const isRedraw = tracker.isRedraw(candidate, now);
      if (!isRedraw && this.isEcho(candidate, typed)) continue;
      tracker.note(candidate, now);
      const progress = tracker.progressBy(candidate, this.options.resting, from);
      if (!isRedraw) this.options.matched(subscription, sighting, progress);
    }
  }

  private isEcho({ subscription, sighting, moment }: Candidate, { typings, isUnknown = false }: Typings): boolean {
    const { before, resting } = this.options;
    if (isUnknown && resting.isBehindPrompt(sighting)) return true;
    const isKnown = (typed: Typed) => before.typings.some(({ id }) => id === typed.id);
    for (const typed of typings) {
      if (isKnown(typed)) continue;
      const echo =
        findEcho(sighting, typed, resting) ??
        findBrokenEcho(sighting, () => linesAbove(sighting, moment), typed, resting);
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

/**
 * The lines before one that it may go on, as far as they are remembered: those of a long command line fill the width of the pane, but for
 * blanks at the end.
 */
function linesAbove({ row }: Sighting, moment: Candidate["moment"]): string[] {
  const { lines = [], cols = 0 } = moment ?? {};
  const end = lines.findLastIndex((one) => one.row < row) + 1;
  const above = lines.slice(Math.max(0, end - ABOVE_MAX), end).map(({ line }) => line);
  return above.slice(above.findLastIndex((line) => Bun.stringWidth(line) < cols - BLANKS_MAX) + 1);
}

const BLANKS_MAX = 4;
const ABOVE_MAX = 60;

function occasion(lastTyping: string, runs: number): string {
  return `${lastTyping} ${runs}`;
}

function sizeOf(found: Found): number {
  return "tell" in found ? 1 : found.candidates.length;
}
