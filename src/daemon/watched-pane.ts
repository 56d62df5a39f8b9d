import { type ProgramStatus, ProgramStatusReader } from "../agents/program-status.ts";
import { type ProgressBar, ProgressReader } from "../agents/progress-bar.ts";
import { sleep } from "../lib/wait.ts";
import type { Interest } from "../subscriptions/interest.ts";
import { askPane } from "../tmux/ask-pane.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { ControlFeed } from "./control-feed.ts";
import type { LastWords } from "./last-words.ts";
import { type PaneFeed, PipeFeed, type TakeSeed } from "./pane-feed.ts";
import { type FollowHandlers, needsHistory, PaneFollow } from "./pane-follow.ts";
import { PaneProgram } from "./pane-program.ts";
import type { History } from "./pane-seed.ts";
import { PaneTypings } from "./pane-typings.ts";

/** What a watched pane tells its owner. */
export interface WatchedHandlers extends Omit<FollowHandlers, "typed"> {
  /** The pane may have gone. */
  changed(): void;
  /** It has written so many bytes. */
  wrote(bytes: number): void;
  /** The pane wrote faster than it was followed: some of it was missed, and looked for in its history. */
  gap(pane: string): void;
  /** Something in it has told what it does; the pid is that of the pane's program. */
  status(pane: string, pid: number, status: ProgramStatus): void;
  /** Something in it has set a progress bar. */
  progress(pane: string, pid: number, bar: ProgressBar): void;
}

/** Takes what a pane writes; undefined at the end. */
export type Tap = (bytes: Uint8Array | undefined) => void;

/** Where a watched pane is, and how it may be heard. */
export interface WatchedOptions {
  server: TmuxServer;
  stateDir: string;
  /** the pane's %id */
  pane: string;
  /** the pipes of dead readers (see abandonedPipes) */
  abandoned: readonly string[];
}

/** Rows of the history by which what the screen shows is recognized. */
const RECOGNIZED = 100;
/** To begin with an emulator anew takes some 1 ms, which one that redraws its screen now and then is not to pay each time. */
const QUIET_MS = 10_000;
/** So long a pause of a pane's output is waited for, and at most for so long. */
const PAUSE_MS = 50;
const PAUSE_MAX_MS = 2000;
/** What keeps ending is begun again no sooner than after this. */
const AGAIN_MS = 50;
/** A tmux that has attached no client is not asked again for so long. */
const REFUSED_MS = 30_000;

/** One pane that is heard and followed for those who take an interest in what it writes. */
export class WatchedPane implements AsyncDisposable {
  /** when it last wrote something (ms of performance.now()) */
  private wroteAt = Number.NEGATIVE_INFINITY;
  private feed: PaneFeed;
  private follow: PaneFollow | undefined;
  private readonly typings: PaneTypings;
  private readonly program = new PaneProgram();
  private statuses = new ProgramStatusReader();
  private bars = new ProgressReader();
  /** how many want to find out what the pane shows now: until then its output waits */
  private checks = 0;
  private lastCheck: Promise<void> = Promise.resolve();
  /** until it is looked whether its output pauses */
  private pausing: Timer | undefined;
  private waiting: Uint8Array[] = [];
  private isClosed = false;
  /** whether nothing is heard of it any more, and whether because it wrote faster than it was read */
  private isDeaf = false;
  private wasFull = false;
  private turn: Promise<void> = Promise.resolve();
  /** when tmux attached no client, and what it failed with */
  private refused: { at: number; thrown: unknown } | undefined;
  /** who is told as well what the pane writes */
  private readonly taps = new Set<Tap>();
  /** when it last began to be heard (ms of performance.now()) */
  private openedAt = performance.now();

  constructor(
    private readonly options: WatchedOptions,
    private readonly handlers: WatchedHandlers,
  ) {
    this.feed = this.byPipe();
    this.typings = new PaneTypings(options);
  }

  /** Follows the pane for exactly these; returns when it does, so that what is written after that is seen. */
  async want(interests: readonly Interest[]): Promise<void> {
    const { follow } = this;
    if (!follow) await this.open(interests);
    else {
      if (this.isDeaf) await this.reopen();
      if (follow.needsSeed(interests)) await this.inTurn(() => this.reseed(follow, "all", interests));
    }
    await this.settleChecks();
    await this.follow?.want(interests);
    await this.follow?.flush(); // what is found in the history fires now, and not with the next output
  }

  /** The pane's %id. */
  get pane(): string {
    return this.options.pane;
  }

  /** Whether somebody is told as well what the pane writes. */
  get isTapped(): boolean {
    return this.taps.size > 0;
  }

  /** Tells what the pane writes from now on, until untap(); undefined once some of it may have been missed. */
  tap(tap: Tap): void {
    this.taps.add(tap);
  }

  /** Ends that. */
  untap(tap: Tap): void {
    this.taps.delete(tap);
  }

  /** Follows the pane to another size. */
  async resize(cols: number, rows: number): Promise<void> {
    const { follow } = this;
    if (!follow) return;
    if (follow.resize(cols, rows)) this.handlers.wrote(0); // what that takes is to be freed again
    await follow.flush();
    if (follow.isStale) await this.lookUp(follow);
  }

  /** Attaches another control client, if it is one that hears the pane. */
  async renew(): Promise<void> {
    await this.inTurn(async () => {
      if (this.feed instanceof ControlFeed) await this.feed[Symbol.asyncDispose](); // which is told as its end
    });
  }

  /**
   * To be called from time to time after it has written: frees memory when it has been quiet for long.
   * @returns whether much was freed; undefined when it is too soon
   */
  freeMemory(): boolean | undefined {
    return performance.now() - this.wroteAt < QUIET_MS ? undefined : this.follow?.freeMemory();
  }

  /** Resolves when all that the pane has written so far has fired, or been found not to. */
  async settle(): Promise<void> {
    await this.feed.drained();
    await this.settleChecks();
    await this.follow?.settle();
  }

  /** What there is to say of the pane when it has ended; undefined if it is not followed yet. */
  async lastWords(): Promise<LastWords | undefined> {
    return await this.follow?.lastWords();
  }

  /**
   * The commands that are to be carried out before it is disposed of.
   * @param isDead whether its program has ended and the pane is kept: tmux takes no pipe from such a pane
   */
  async release(isDead = false): Promise<TmuxCommand[]> {
    this.isClosed = true;
    await this.turn;
    if (isDead && this.feed instanceof PipeFeed) this.feed.abandon();
    return isDead ? [] : this.feed.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    await this.turn;
    this.endTaps();
    await this.feed[Symbol.asyncDispose]();
    this.follow?.[Symbol.dispose]();
    this.follow = undefined;
  }

  private feedHandlers() {
    return {
      data: async (bytes: Uint8Array) => {
        const { follow } = this;
        // what comes before there is a seed is in the seed, with what was missed before it
        if (!follow || this.isClosed || this.isDeaf) return;
        this.wroteAt = performance.now();
        this.handlers.wrote(bytes.length);
        for (const tap of this.taps) tap(bytes);
        for (const status of this.statuses.push(bytes)) this.handlers.status(this.options.pane, follow.pid, status);
        for (const bar of this.bars.push(bytes)) this.handlers.progress(this.options.pane, follow.pid, bar);
        this.waiting.push(bytes);
        if (this.checks > 0) return;
        if (!this.program.isThere(follow.pid)) return void this.check(follow).catch(this.handlers.failed);
        this.writeWaiting(follow);
        await follow.flush();
        if (follow.isStale) this.lookUp(follow).catch(this.handlers.failed);
      },
      ended: (wasFull: boolean) => {
        if (this.isClosed) return;
        this.isDeaf = true;
        this.wasFull = wasFull;
        this.reopen()
          .catch(this.handlers.failed)
          .then(() => {
            if (this.isDeaf) this.handlers.changed(); // it is gone, or dead; or the look that follows tries again
          });
      },
    };
  }

  /** Starts to follow, from the very point in the pane's output at which tmux tells what it shows. */
  private async open(interests: readonly Interest[]): Promise<void> {
    const handlers = { ...this.handlers, typed: () => this.typings.read() };
    await this.seed(interests.some(needsHistory) ? "all" : RECOGNIZED, (seed) => {
      this.follow = new PaneFollow(seed, interests, handlers);
    });
  }

  /** What the pane shows now, in order with its output; by a control client from now on, if it has another pipe. */
  private seed(history: History, take: TakeSeed): Promise<void> {
    return this.inTurn(() => this.seedNow(history, take));
  }

  private async seedNow(history: History, take: TakeSeed): Promise<void> {
    const takeFound: TakeSeed = (seed, isWhole) => {
      this.isDeaf = false;
      if (!isWhole) this.missed();
      if (this.follow) this.writeWaiting(this.follow); // which is of before
      take(seed, isWhole);
      if (this.follow) this.program.attend(this.follow.pid);
    };
    if ((await this.feed.seed(history, takeFound)) !== "taken") return;
    await this.byClient();
    await this.feed.seed(this.follow ? "all" : history, (seed) => {
      takeFound(seed, this.follow === undefined);
    });
  }

  /** One after the other: what a pane shows, and by what it is heard. Nothing any more once it is closed. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.turn.then(() => (this.isClosed ? undefined : work()));
    this.turn = next.catch(() => {});
    return next;
  }

  private missed(): void {
    this.endTaps();
    this.statuses = new ProgramStatusReader();
    this.bars = new ProgressReader();
    this.handlers.gap(this.options.pane);
  }

  private endTaps(): void {
    for (const tap of [...this.taps]) tap(undefined);
    this.taps.clear();
  }

  private byPipe(): PipeFeed {
    const { server, stateDir, pane, abandoned } = this.options;
    return new PipeFeed(server, stateDir, pane, abandoned, this.feedHandlers());
  }

  private async byClient(): Promise<void> {
    await this.feed[Symbol.asyncDispose]();
    this.isDeaf = true; // until there is a seed
    const { server, stateDir, pane } = this.options;
    const sessionId = await this.ask("#{session_id}"); // it may have been moved
    if (sessionId === undefined) return this.handlers.changed();
    this.feed = this.byPipe(); // until there is a client
    if (this.refused && performance.now() - this.refused.at < REFUSED_MS) throw this.refused.thrown;
    try {
      this.feed = await ControlFeed.open(server, { stateDir, pane, sessionId }, this.feedHandlers());
      this.refused = undefined;
    } catch (thrown) {
      this.refused = { at: performance.now(), thrown };
      throw thrown;
    }
  }

  /** Hears the pane again, after it was not heard any more. */
  private async reopen(): Promise<void> {
    const { follow } = this;
    this.endTaps();
    if (!follow) return;
    const isDead = await this.ask("#{pane_dead}");
    if (isDead === undefined) return;
    await this.check(follow, async () => {
      if (!this.isDeaf) return;
      if (performance.now() - this.openedAt < AGAIN_MS) await sleep(AGAIN_MS);
      this.openedAt = performance.now();
      if (isDead === "0") return await this.hearAgain(follow);
      // one that stays may be respawned, and is heard again then
      if (!(this.feed instanceof ControlFeed)) return;
      await this.byClient();
      this.isDeaf = false;
    });
  }

  private async hearAgain(follow: PaneFollow): Promise<void> {
    // somebody who has closed its pipe may be about to give it another one: the pane is left to have one
    if (this.feed instanceof ControlFeed) {
      await this.feed[Symbol.asyncDispose]();
      this.feed = this.byPipe();
    } else if (!this.wasFull) {
      await this.byClient();
    }
    this.missed(); // what it wrote before it is heard again
    await this.seedNow("all", (seed) => follow.reseed(seed));
  }

  /**
   * Looks up where tmux shows the lines of the pane, and for those who are told each byte once its output pauses: it is given another
   * pipe, and what tmux has read of it and not passed on to the one before is lost. Of lines, it is found again by that very look.
   */
  private async lookUp(follow: PaneFollow): Promise<void> {
    if (!this.isTapped) return await this.refresh(follow);
    if (this.pausing !== undefined) return;
    const since = performance.now();
    const look = () => {
      this.pausing = undefined;
      if (this.isClosed || !follow.isStale) return;
      const isLate = performance.now() - since >= PAUSE_MAX_MS;
      if (this.isPaused || isLate || !this.isTapped) this.refresh(follow).catch(this.handlers.failed);
      else this.pausing = setTimeout(look, PAUSE_MS);
    };
    this.pausing = setTimeout(look, PAUSE_MS);
  }

  /** Whether nothing has been heard for so long that tmux will have passed on all that it has read. */
  private get isPaused(): boolean {
    return performance.now() - this.wroteAt >= PAUSE_MS && !this.feed.isBusy;
  }

  /** Looks up where tmux shows the lines of the pane. */
  private refresh(follow: PaneFollow): Promise<void> {
    return this.check(follow, async () => {
      if (follow.isStale) await this.reseed(follow, RECOGNIZED);
    });
  }

  /** Goes on from what the pane shows now, of which nothing was missed. To be called in turn. */
  private async reseed(follow: PaneFollow, history: History, interests?: readonly Interest[]): Promise<void> {
    // with another pipe, what tmux has not passed on to the last one is lost
    const isComplete = !this.feed.isBusy;
    if (!this.isPaused) this.endTaps();
    await this.seedNow(isComplete ? history : "all", (seed, isWhole) =>
      follow.reseed(seed, { ...(interests && { interests }), isComplete: isComplete && isWhole }),
    );
  }

  /** Finds something out of the pane, in turn, and then whether what has been written meanwhile is another program's. */
  private check(follow: PaneFollow, find = async () => {}): Promise<void> {
    this.checks++;
    const check = this.inTurn(async () => {
      await find();
      while (!this.isClosed && !this.program.isThere(follow.pid) && (await this.takeOther(follow)));
    }).finally(() => {
      this.checks--;
      if (this.checks === 0) this.writeWaiting(follow);
      return follow.flush();
    });
    this.lastCheck = check.catch(() => {});
    return check;
  }

  private async settleChecks(): Promise<void> {
    while (this.checks > 0) await this.lastCheck;
  }

  /** When another program has taken the place of the pane's, on a screen that was cleared for it: goes on with that. */
  private async takeOther(follow: PaneFollow): Promise<boolean> {
    const [pid, isDead] = ((await this.ask("#{pane_pid} #{pane_dead}")) ?? "").split(" ");
    const before = follow.pid;
    if (Number(pid) === before) this.program.detach();
    // a pane that is about to go writes its last words
    if (isDead !== "0" || Number(pid) === before) return false;
    this.endTaps();
    await this.seedNow("all", (seed) => follow.reseed(seed));
    if (follow.pid !== before) this.handlers.changed(); // tmux has no hook for that
    return follow.pid !== before;
  }

  private writeWaiting(follow: PaneFollow): void {
    for (const bytes of this.waiting.splice(0)) follow.write(bytes);
  }

  private ask(format: string): Promise<string | undefined> {
    return askPane(this.options.server, this.options.pane, format);
  }
}
