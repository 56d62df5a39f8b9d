import { PaneWatch, type Typings } from "../matching/pane-watch.ts";
import { compilePattern } from "../matching/pattern.ts";
import { findOffset, type Progress, parseProgress } from "../matching/progress.ts";
import type { ScreenSeed } from "../matching/screen.ts";
import type { Sighting } from "../matching/sightings.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { type ShellState, wordOf } from "../tmux/shell-state.ts";
import { type CommandEnd, CommandFollower, commandOf, type Finished, formatPrompts, missedEnd } from "./commands.ts";
import { Silence } from "./silence.ts";

/** What a followed pane tells. `progress` is what its subscription has got to by that. */
export interface FollowHandlers {
  typed(): Promise<Typings>;
  matched(subscription: number, sighting: Sighting, progress: string | undefined): void;
  finished(subscription: number, finished: Finished, progress: string): void;
  silent(subscription: number, progress: string): void;
  progressed(subscription: number, progress: string): void;
}

/** A pane as tmux tells it in one moment, from which following it starts. */
export interface PaneSeed {
  screen: ScreenSeed;
  /** all rows of history and screen, when they were asked for: then `screen.lines` has them as well */
  history: { rows: string[]; limit: number } | undefined;
  typed: Typings;
  /** who the pane's shell is (see wordOf) */
  shellPid: number;
  shellKey: string;
  shell: ShellState | undefined;
  /** when its window last wrote something (ms since the epoch) */
  activityAt: number;
}

/** Whether a subscription is for what a pane writes. */
export function isForOutput({ type }: Subscription): boolean {
  return type === "pattern-match" || type === "command-finished" || type === "silence";
}

/** Whether a subscription goes on from where another watch has got to, for which it needs the pane's history. */
export function needsHistory({ type, progress }: Subscription): boolean {
  return type === "pattern-match" && parseProgress(progress) !== undefined;
}

/** One pane whose output somebody subscribed to. */
export class PaneFollow implements Disposable {
  private readonly watch: PaneWatch;
  private readonly commands: CommandFollower;
  /** the subscriptions to the ends of commands */
  private readonly listening = new Set<number>();
  private readonly silences = new Map<number, Silence>();
  private shell: ShellState | undefined;

  /** @param subscriptions those that go on from where another watch has got to, if the seed has the history */
  constructor(
    private readonly seed: PaneSeed,
    subscriptions: readonly Subscription[],
    private readonly handlers: FollowHandlers,
  ) {
    const restored = seed.history ? restorable(seed, seed.history, subscriptions) : [];
    const row = seed.history ? (restored[0]?.offset ?? 0) : seed.screen.row;
    // what was typed before is nothing new, unless its echo is among what is looked at again
    const before = restored.length > 0 ? { ...seed.typed, typings: [] } : seed.typed;
    const { typed, matched } = handlers;
    const told = (state: ShellState, line: string) => this.told(state, line);
    this.watch = new PaneWatch({ ...seed.screen, row }, { typed, matched, told }, before);
    this.commands = new CommandFollower(seed.shell);
    this.shell = seed.shell;
    for (const { subscription, progress } of restored) {
      this.watch.restore(subscription.id, compilePattern(subscription.pattern ?? ""), progress);
    }
  }

  /** Follows the pane for exactly these; returns when it does. */
  async want(subscriptions: readonly Subscription[]): Promise<void> {
    const ids = new Set(subscriptions.map(({ id }) => id));
    for (const id of this.watch.subscriptions) if (!ids.has(id)) this.watch.remove(id);
    for (const id of this.listening) if (!ids.has(id)) this.listening.delete(id);
    for (const [id, silence] of this.silences) if (!ids.has(id)) this.endSilence(id, silence);
    for (const subscription of subscriptions) {
      if (subscription.type === "pattern-match") await this.addPattern(subscription);
      else if (subscription.type === "command-finished") this.addCommands(subscription);
      else if (subscription.type === "silence") this.addSilence(subscription);
    }
  }

  /** Takes output of the pane; it counts at the next flush. */
  write(data: Uint8Array): void {
    this.watch.write(data);
    for (const silence of this.silences.values()) silence.touch();
  }

  flush(): Promise<void> {
    return this.watch.flush();
  }

  /** Resolves when all that the pane has written so far has fired, or been found not to. */
  async settle(): Promise<void> {
    await this.watch.settle();
  }

  resize(cols: number, rows: number): void {
    this.watch.resize(cols, rows);
  }

  [Symbol.dispose](): void {
    this.watch[Symbol.dispose]();
    for (const silence of this.silences.values()) silence[Symbol.dispose]();
  }

  private async addPattern({ id, pattern }: Subscription): Promise<void> {
    if (this.watch.subscriptions.includes(id)) return;
    const progress = await this.watch.add(id, compilePattern(pattern ?? ""));
    if (progress !== undefined) this.handlers.progressed(id, progress);
  }

  private addCommands({ id, progress }: Subscription): void {
    if (this.listening.has(id)) return;
    this.listening.add(id);
    const missed = missedEnd(this.seed.shell, progress);
    if (missed) void this.tell(missed, [id]);
    else if (progress === null) this.handlers.progressed(id, formatPrompts(this.shell));
  }

  private addSilence({ id, seconds, progress, created_at }: Subscription): void {
    if (this.silences.has(id)) return;
    const firedAt = progress === null ? 0 : JSON.parse(progress).fired_at;
    const since = Math.max(created_at, this.seed.activityAt);
    const fire = () => this.handlers.silent(id, JSON.stringify({ fired_at: Date.now() }));
    this.silences.set(id, new Silence(seconds ?? 0, fire, Math.max(0, Date.now() - since), firedAt >= since));
  }

  private endSilence(id: number, silence: Silence): void {
    silence[Symbol.dispose]();
    this.silences.delete(id);
  }

  private async told(state: ShellState, line: string): Promise<void> {
    const { shellPid: pid, shellKey: key } = this.seed;
    if (!wordOf(state, { pid, key })) return; // another program that prints what only a shell should
    this.shell = state;
    const end = this.commands.take(state, line);
    if (end) await this.tell(end, [...this.listening]);
  }

  private async tell({ state, code, line }: CommandEnd, subscriptions: number[]): Promise<void> {
    if (subscriptions.length === 0) return;
    const command = line === "" ? "" : commandOf(line, await this.handlers.typed());
    const finished = { exit_code: code, duration_ms: state.durationMs ?? null, command };
    for (const id of subscriptions) this.handlers.finished(id, finished, formatPrompts(state));
  }
}

/** The subscriptions that can go on from where they have got to, with their rows counted as the first of them does. */
function restorable(
  { screen }: PaneSeed,
  { rows, limit }: { rows: string[]; limit: number },
  subscriptions: readonly Subscription[],
): { subscription: Subscription; progress: Progress; offset: number }[] {
  if (screen.isAlternate) return []; // a full-screen program has hidden what was there
  let base: number | undefined;
  return subscriptions.filter(needsHistory).flatMap((subscription) => {
    const progress = parseProgress(subscription.progress);
    if (!progress) return [];
    const offset = findOffset(rows, { cols: screen.cols, historyLimit: limit }, progress);
    base ??= offset ?? 0;
    // where nothing of it is there any more, all that is there has come since
    const moved = offset === undefined ? { ...progress, from: base, seen: [] } : shift(progress, base - offset);
    return [{ subscription, progress: moved, offset: base }];
  });
}

function shift(progress: Progress, by: number): Progress {
  const seen = progress.seen.map((place) => ({ ...place, row: place.row + by }));
  return { ...progress, from: progress.from + by, seen };
}
