import { echoForm, type Typed } from "./echo.ts";
import type { Pattern } from "./pattern.ts";
import { Screen, type ScreenSeed } from "./screen.ts";
import { reconcile, type Sighting, type Track } from "./sightings.ts";

/** What a watched pane asks of its owner. */
export interface PaneWatchHandlers {
  /** what pane-exec typed last into the pane, asked of tmux now */
  typed(): Promise<Typed | undefined>;
  /** a line appeared that the subscription's pattern matches */
  matched(subscription: number, sighting: Sighting): void;
}

interface Watched {
  pattern: Pattern;
  tracks: Track[];
  /** rows whose match was a half-typed echo, to be looked at again when they change */
  halfTyped: Map<number, string>;
  isBaseline: boolean;
}

/** One pane whose screen is watched for patterns. Fires once for each appearance of a matching line. */
export class PaneWatch implements Disposable {
  private readonly screen: Screen;
  private readonly watched = new Map<number, Watched>();
  /** which forms of the echo have been seen of the last typing */
  private seenEcho: { id: string; forms: Set<string> };
  private flushing: Promise<void> = Promise.resolve();
  private judging: Promise<void> = Promise.resolve();

  /** @param typedBefore what had been typed before the watch began: its echo is not awaited any more */
  constructor(
    seed: ScreenSeed,
    private readonly handlers: PaneWatchHandlers,
    private readonly typedBefore: Typed | undefined,
  ) {
    this.screen = new Screen(seed, () => this.look());
    this.seenEcho = { id: "", forms: new Set() };
  }

  /** The ids of the subscriptions watched for. */
  get subscriptions(): number[] {
    return [...this.watched.keys()];
  }

  /** Watches for a pattern from now on: what stands on the screen already does not fire. */
  add(subscription: number, pattern: Pattern): void {
    this.watched.set(subscription, { pattern, tracks: [], halfTyped: new Map(), isBaseline: true });
    this.look();
  }

  /** Stops watching for a subscription. */
  remove(subscription: number): void {
    this.watched.delete(subscription);
  }

  /** Takes output of the pane; it counts at the next flush. */
  write(data: Uint8Array): void {
    this.screen.write(data);
  }

  /** Shows the output taken so far, and fires for what appeared. */
  flush(): Promise<void> {
    // one after the other: two at once would mix up their parts
    this.flushing = this.flushing.then(async () => {
      if (!this.screen.isDirty) return;
      await this.screen.flush(() => {
        this.look();
        this.leaveBehind(this.screen.advance());
      });
    });
    return this.flushing;
  }

  /** Resolves when all output so far has been shown, and what appeared by it has fired or been found to be an echo. */
  async settle(): Promise<void> {
    await this.flush();
    await this.judging;
  }

  /** Follows the pane to another size; lines that move by that are no new appearances. */
  resize(cols: number, rows: number): void {
    this.screen.resize(cols, rows);
  }

  [Symbol.dispose](): void {
    this.screen[Symbol.dispose]();
  }

  private look(): void {
    if (this.watched.size === 0) return;
    const lines = [...this.screen.lines()];
    const now = performance.now();
    for (const [subscription, watched] of this.watched) {
      const sightings = lines.flatMap(({ text, ...rest }) => {
        const match = watched.pattern(text);
        return match ? [{ ...rest, line: text, match }] : [];
      });
      const { tracks, appeared } = reconcile(watched.tracks, sightings, now);
      watched.tracks = tracks;
      const grown = sightings.filter((sighting) => {
        const before = watched.halfTyped.get(sighting.row);
        return before !== undefined && before !== sighting.line && !appeared.includes(sighting);
      });
      if (!watched.isBaseline) for (const sighting of [...appeared, ...grown]) this.judge(subscription, sighting);
      watched.isBaseline = false;
    }
  }

  private leaveBehind(firstRow: number): void {
    for (const watched of this.watched.values()) {
      watched.tracks = watched.tracks.filter((track) => track.row >= firstRow || track.goneAt !== undefined);
      for (const row of watched.halfTyped.keys()) if (row < firstRow) watched.halfTyped.delete(row);
    }
  }

  /** Fires, unless the match lies in the echo of what pane-exec typed. One after the other, in order of appearance. */
  private judge(subscription: number, sighting: Sighting): void {
    this.judging = this.judging.then(async () => {
      const typed = await this.handlers.typed();
      const watched = this.watched.get(subscription);
      if (!watched) return; // ended meanwhile
      if (typed && typed.id !== this.typedBefore?.id && this.isEcho(watched, subscription, sighting, typed)) return;
      watched.halfTyped.delete(sighting.row);
      this.handlers.matched(subscription, sighting);
    });
  }

  private isEcho(watched: Watched, subscription: number, sighting: Sighting, typed: Typed): boolean {
    const echo = echoForm(sighting, typed);
    if (!echo) return false;
    if (echo.form === "partial") {
      watched.halfTyped.set(sighting.row, sighting.line);
      return true;
    }
    if (this.seenEcho.id !== typed.id) this.seenEcho = { id: typed.id, forms: new Set() };
    // the terminal may echo it, and then the shell at its prompt; what shows it a third time is a program
    const key = `${subscription} ${echo.form} ${echo.line}`;
    if (this.seenEcho.forms.has(key)) return false;
    this.seenEcho.forms.add(key);
    watched.halfTyped.delete(sighting.row);
    return true;
  }
}
