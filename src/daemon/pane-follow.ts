import type { Typings } from "../matching/judge.ts";
import { type Joining, type MatcherHandlers, PaneMatcher } from "../matching/pane-matcher.ts";
import { compilePattern, type Pattern } from "../matching/pattern.ts";
import { parseProgress } from "../matching/progress.ts";
import {
  type CommandEnd,
  CommandFollower,
  commandOf,
  finishedBy,
  formatPrompts,
  missedEnd,
} from "../subscriptions/command-ends.ts";
import type { Interest, LineInterest, Listener } from "../subscriptions/interest.ts";
import { type ShellState, wordOf } from "../tmux/shell-state.ts";
import type { LastWords } from "./last-words.ts";
import type { PaneSeed } from "./pane-seed.ts";

/** What a followed pane asks of its owner. */
export interface FollowHandlers {
  typed(): Promise<Typings>;
  /** an interest can't be acted upon */
  failed(thrown: unknown): void;
}

/** Whether an interest goes on from where another watch has got to, for which it needs the pane's history. */
export function needsHistory({ lines }: Interest): boolean {
  return lines !== undefined && parseProgress(lines.progress) !== undefined;
}

/** One pane whose output somebody takes an interest in. */
export class PaneFollow implements Disposable {
  private readonly watch: PaneMatcher;
  private commands: CommandFollower;
  /** those who want lines, and those who listen, by the ids of their interests */
  private readonly lines = new Map<number, LineInterest>();
  private readonly listeners = new Map<number, Listener>();
  private shell: ShellState | undefined;
  private shellPid: number;
  private shellKey: string;

  /** @param interests those that go on from where another watch has got to, if the seed has the history */
  constructor(
    private readonly seed: PaneSeed,
    interests: readonly Interest[],
    private readonly handlers: FollowHandlers,
  ) {
    const joining = this.joining(seed, interests);
    // what was typed before is nothing new, unless its echo is among what is looked at again
    const before = joining.length > 0 ? { ...seed.typed, typings: [] } : seed.typed;
    const watching: MatcherHandlers = {
      typed: handlers.typed,
      matched: (id, sighting, progress) => this.lines.get(id)?.matched(sighting, progress),
      progressed: (id, progress) => this.lines.get(id)?.progressed(progress),
      told: (state, line, typed) => this.told(state, line, typed),
      isOwn: (state) => wordOf(state, { pid: this.shellPid, key: this.shellKey }) !== undefined,
    };
    this.watch = new PaneMatcher(seed.screen, watching, before, joining);
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
  needsSeed(interests: readonly Interest[]): boolean {
    const followed = this.watch.subscriptions;
    return interests.some((interest) => !followed.includes(interest.id) && needsHistory(interest));
  }

  /**
   * Goes on from another seed: because output was missed, the pane was cleared for another program, its size has changed,
   * or an interest needs its history. What has come since, by the lines there are, fires. To be called in order with
   * write(): what was written before it is in the seed.
   * @param options.interests as for the constructor
   * @param options.isComplete whether all output was heard: then lines that can't be recognized are not taken for new
   */
  reseed(seed: PaneSeed, options: { interests?: readonly Interest[]; isComplete?: boolean } = {}): void {
    const { interests = [] } = options;
    const isOther = seed.shellPid !== this.shellPid;
    const isComplete = options.isComplete === true && !isOther;
    const joining = this.joining(seed, interests);
    const seeded = isOther ? undefined : (typed: () => Promise<Typings>) => this.catchUp(seed.shell, typed);
    this.watch.reseed(seed.screen, { joining, isComplete, isCleared: isOther, seeded });
    if (!isOther) return;
    this.shellPid = seed.shellPid;
    this.shellKey = seed.shellKey;
    this.shell = seed.shell;
    this.commands = new CommandFollower(seed.shell);
  }

  /** What the shell has told that was not heard, when all that was heard before has been dealt with. */
  private async catchUp(now: ShellState | undefined, typed: () => Promise<Typings>): Promise<void> {
    if (now === undefined || now.text === this.shell?.text) return;
    const missed = missedEnd(now, formatPrompts(this.shell));
    this.shell = now;
    this.commands = new CommandFollower(now);
    if (missed) await this.tell(missed, typed);
  }

  /** Follows the pane for exactly these; returns when it does. */
  async want(interests: readonly Interest[]): Promise<void> {
    const ids = new Set(interests.map(({ id }) => id));
    for (const id of this.watch.subscriptions) if (!ids.has(id)) this.watch.remove(id);
    for (const id of this.lines.keys()) if (!ids.has(id)) this.lines.delete(id);
    for (const [id, listener] of this.listeners) if (!ids.has(id)) this.end(id, listener);
    for (const { id, lines } of interests) if (lines) await this.add(id, lines);
    const others = interests.filter(({ id, listen }) => listen && !this.listeners.has(id));
    // what has ended since, or fallen silent, did so after the lines that have come
    if (others.length > 0) await this.watch.judged();
    const heard = { shell: this.shell, activityAt: this.seed.activityAt };
    for (const { id, listen } of others) if (listen) this.listeners.set(id, listen(heard));
  }

  /** Takes output of the pane; it counts at the next flush. */
  write(data: Uint8Array): void {
    this.watch.write(data);
    for (const listener of this.listeners.values()) listener.wrote?.(data);
  }

  flush(): Promise<void> {
    return this.watch.flush();
  }

  /** Frees the memory of it that can be freed without a loss: whether much was; undefined when it can't be done now. */
  freeMemory(): boolean | undefined {
    return this.watch.freeMemory();
  }

  /** Resolves when all that the pane has written so far has fired, or been found not to. */
  async settle(): Promise<void> {
    await this.watch.settle();
  }

  /** What there is to say of the pane when it has ended; settle() first. */
  async lastWords(): Promise<LastWords> {
    const { lastLine, isRunning } = this.commands;
    const command = lastLine === "" ? "" : commandOf(lastLine, await this.handlers.typed());
    const listeners = isRunning ? [...this.listeners.values()] : [];
    const progress = formatPrompts(this.shell);
    const finish = (code: number) => {
      const finished = { exit_code: code, duration_ms: null, command };
      for (const listener of listeners) listener.finished?.(finished, progress);
    };
    return { command, lines: this.watch.shownLines(), finish };
  }

  /** Follows the pane to another size; whether it is another one. */
  resize(cols: number, rows: number): boolean {
    return this.watch.resize(cols, rows);
  }

  [Symbol.dispose](): void {
    this.watch[Symbol.dispose]();
    for (const listener of this.listeners.values()) listener[Symbol.dispose]?.();
  }

  private async add(id: number, lines: LineInterest): Promise<void> {
    if (this.watch.subscriptions.includes(id)) return;
    const pattern = this.compiled(lines);
    if (!pattern) return;
    this.lines.set(id, lines);
    const progress = await this.watch.add(id, pattern);
    if (progress !== undefined) lines.progressed(progress);
  }

  private end(id: number, listener: Listener): void {
    listener[Symbol.dispose]?.();
    this.listeners.delete(id);
  }

  private async told(state: ShellState, line: string, typed: () => Promise<Typings>): Promise<void> {
    this.shell = state;
    const end = this.commands.take(state, line);
    if (end) await this.tell(end, typed);
  }

  private async tell(end: CommandEnd, typed: () => Promise<Typings>): Promise<void> {
    const listeners = [...this.listeners.values()].filter(({ finished }) => finished !== undefined);
    if (listeners.length === 0) return;
    const command = end.line === "" ? "" : commandOf(end.line, await typed());
    const finished = finishedBy(end, command);
    for (const listener of listeners) listener.finished?.(finished, formatPrompts(end.state));
  }

  /** Those that go on from where they have got to, and are not followed yet: from now on they are. */
  private joining({ hasHistory }: PaneSeed, interests: readonly Interest[]): Joining[] {
    if (!hasHistory) return [];
    const followed = this.watch?.subscriptions ?? [];
    return interests.flatMap(({ id, lines }) => {
      const progress = lines && !followed.includes(id) ? parseProgress(lines.progress) : undefined;
      const pattern = lines && progress && this.compiled(lines);
      if (!pattern) return [];
      this.lines.set(id, lines);
      return [{ subscription: id, pattern, progress }];
    });
  }

  /** Undefined for one that can't be read, which is complained of. */
  private compiled({ pattern }: LineInterest): Pattern | undefined {
    try {
      return compilePattern(pattern);
    } catch (thrown) {
      this.handlers.failed(thrown);
      return undefined;
    }
  }
}
