import { type Joining, PaneWatch, type Typings } from "../matching/pane-watch.ts";
import { compilePattern, type Pattern } from "../matching/pattern.ts";
import { parseProgress } from "../matching/progress.ts";
import type { Sighting } from "../matching/sightings.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { type ShellState, wordOf } from "../tmux/shell-state.ts";
import { type CommandEnd, CommandFollower, commandOf, type Finished, formatPrompts, missedEnd } from "./commands.ts";
import type { LastWords } from "./last-words.ts";
import type { PaneSeed } from "./pane-seed.ts";
import { firedAt, Silence } from "./silence.ts";

/** What a followed pane tells. `progress` is what its subscription has got to by that. */
export interface FollowHandlers {
  typed(): Promise<Typings>;
  matched(subscription: number, sighting: Sighting, progress: () => string | undefined): void;
  finished(subscription: number, finished: Finished, progress: string): void;
  silent(subscription: number, progress: string): void;
  progressed(subscription: number, progress: string): void;
  /** a subscription can't be acted upon */
  failed(thrown: unknown): void;
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
  private commands: CommandFollower;
  /** the subscriptions to the ends of commands */
  private readonly listening = new Set<number>();
  private readonly silences = new Map<number, Silence>();
  private shell: ShellState | undefined;
  private shellPid: number;
  private shellKey: string;

  /** @param subscriptions those that go on from where another watch has got to, if the seed has the history */
  constructor(
    private readonly seed: PaneSeed,
    subscriptions: readonly Subscription[],
    private readonly handlers: FollowHandlers,
  ) {
    const joining = this.joining(seed, subscriptions);
    // what was typed before is nothing new, unless its echo is among what is looked at again
    const before = joining.length > 0 ? { ...seed.typed, typings: [] } : seed.typed;
    const { typed, matched, progressed } = handlers;
    const told = (state: ShellState, line: string, typed: () => Promise<Typings>) => this.told(state, line, typed);
    const isOwn = (state: ShellState) => wordOf(state, { pid: this.shellPid, key: this.shellKey }) !== undefined;
    this.watch = new PaneWatch(seed.screen, { typed, matched, progressed, told, isOwn }, before, joining);
    this.commands = new CommandFollower(seed.shell);
    this.shell = seed.shell;
    this.shellPid = seed.shellPid;
    this.shellKey = seed.shellKey;
  }

  /** The pid of the program that the pane was started with. */
  get pid(): number {
    return this.shellPid;
  }

  /** Whether tmux may show lines elsewhere than they are thought to be: then reseed() is to be called. */
  get isStale(): boolean {
    return this.watch.isStale;
  }

  /** Whether one of these goes on from where another watch has got to, for which reseed() is needed before want(). */
  needsSeed(subscriptions: readonly Subscription[]): boolean {
    const followed = this.watch.subscriptions;
    return subscriptions.some((subscription) => needsHistory(subscription) && !followed.includes(subscription.id));
  }

  /**
   * Goes on from another seed: because output was missed, the pane was cleared for another program, its size has changed,
   * or a subscription needs its history. What has come since, by the lines there are, fires. To be called in order with
   * write(): what was written before it is in the seed.
   * @param options.subscriptions as for the constructor
   * @param options.isComplete whether all output was heard: then lines that can't be recognized are not taken for new
   */
  reseed(seed: PaneSeed, options: { subscriptions?: readonly Subscription[]; isComplete?: boolean } = {}): void {
    const { subscriptions = [] } = options;
    const isOther = seed.shellPid !== this.shellPid;
    const isComplete = options.isComplete === true && !isOther;
    const missed = isComplete || isOther ? undefined : missedEnd(seed.shell, formatPrompts(this.shell));
    this.watch.reseed(seed.screen, { joining: this.joining(seed, subscriptions), isComplete, isCleared: isOther });
    if (!isOther && !missed) return;
    this.shellPid = seed.shellPid;
    this.shellKey = seed.shellKey;
    this.shell = seed.shell;
    this.commands = new CommandFollower(seed.shell);
    const { typed, failed } = this.handlers;
    const tell = (end: CommandEnd) => this.tell(end, [...this.listening], typed);
    // after the lines that have come before it
    if (missed)
      this.watch
        .judged()
        .then(() => tell(missed), failed)
        .catch(failed);
  }

  /** Follows the pane for exactly these; returns when it does. */
  async want(subscriptions: readonly Subscription[]): Promise<void> {
    const ids = new Set(subscriptions.map(({ id }) => id));
    for (const id of this.watch.subscriptions) if (!ids.has(id)) this.watch.remove(id);
    for (const id of this.listening) if (!ids.has(id)) this.listening.delete(id);
    for (const [id, silence] of this.silences) if (!ids.has(id)) this.endSilence(id, silence);
    for (const subscription of subscriptions) {
      if (subscription.type === "pattern-match") await this.addPattern(subscription);
    }
    const isNew = ({ id }: Subscription) => !this.listening.has(id) && !this.silences.has(id);
    const others = subscriptions.filter((subscription) => subscription.type !== "pattern-match" && isNew(subscription));
    // what has ended since, or fallen silent, did so after the lines that have come
    if (others.length > 0) await this.watch.judged();
    for (const subscription of others) {
      if (subscription.type === "command-finished") this.addCommands(subscription);
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

  /** What there is to say of the pane when it has ended; settle() first. */
  async lastWords(): Promise<LastWords> {
    const { lastLine, isRunning } = this.commands;
    const command = lastLine === "" ? "" : commandOf(lastLine, await this.handlers.typed());
    const listening = isRunning ? [...this.listening] : [];
    const progress = formatPrompts(this.shell);
    const finish = (code: number) => {
      const finished = { exit_code: code, duration_ms: null, command };
      for (const id of listening) this.handlers.finished(id, finished, progress);
    };
    return { command, lines: this.watch.shownLines(), finish };
  }

  resize(cols: number, rows: number): void {
    this.watch.resize(cols, rows);
  }

  [Symbol.dispose](): void {
    this.watch[Symbol.dispose]();
    for (const silence of this.silences.values()) silence[Symbol.dispose]();
  }

  private async addPattern(subscription: Subscription): Promise<void> {
    const { id } = subscription;
    if (this.watch.subscriptions.includes(id)) return;
    const pattern = this.compiled(subscription);
    const progress = pattern && (await this.watch.add(id, pattern));
    if (progress !== undefined) this.handlers.progressed(id, progress);
  }

  private addCommands({ id, progress }: Subscription): void {
    if (this.listening.has(id)) return;
    this.listening.add(id);
    const missed = missedEnd(this.shell, progress);
    if (missed) void this.tell(missed, [id], this.handlers.typed);
    else if (progress === null) this.handlers.progressed(id, formatPrompts(this.shell));
  }

  private addSilence({ id, seconds, progress, created_at }: Subscription): void {
    if (this.silences.has(id)) return;
    const since = Math.max(created_at, this.seed.activityAt);
    const fire = () => this.handlers.silent(id, JSON.stringify({ fired_at: Date.now() }));
    const quietMs = Math.max(0, Date.now() - since);
    this.silences.set(id, new Silence(seconds ?? 0, fire, quietMs, firedAt(progress) >= since));
  }

  private endSilence(id: number, silence: Silence): void {
    silence[Symbol.dispose]();
    this.silences.delete(id);
  }

  private async told(state: ShellState, line: string, typed: () => Promise<Typings>): Promise<void> {
    this.shell = state;
    const end = this.commands.take(state, line);
    if (end) await this.tell(end, [...this.listening], typed);
  }

  private async tell(
    { state, code, line }: CommandEnd,
    subscriptions: number[],
    typed: () => Promise<Typings>,
  ): Promise<void> {
    if (subscriptions.length === 0) return;
    const command = line === "" ? "" : commandOf(line, await typed());
    const finished = { exit_code: code, duration_ms: state.durationMs ?? null, command };
    for (const id of subscriptions) this.handlers.finished(id, finished, formatPrompts(state));
  }

  /** Those that go on from where they have got to, and are not followed yet. */
  private joining({ hasHistory }: PaneSeed, subscriptions: readonly Subscription[]): Joining[] {
    if (!hasHistory) return [];
    const followed = this.watch?.subscriptions ?? [];
    return subscriptions.flatMap((subscription) => {
      const { id } = subscription;
      const progress = needsHistory(subscription) ? parseProgress(subscription.progress) : undefined;
      if (!progress || followed.includes(id)) return [];
      const pattern = this.compiled(subscription);
      return pattern ? [{ subscription: id, pattern, progress }] : [];
    });
  }

  /** Undefined for one that can't be read, which is complained of. */
  private compiled({ pattern }: Subscription): Pattern | undefined {
    try {
      return compilePattern(pattern ?? "");
    } catch (thrown) {
      this.handlers.failed(thrown);
      return undefined;
    }
  }
}
