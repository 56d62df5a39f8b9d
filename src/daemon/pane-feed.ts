import { othersTurn } from "../lib/wait.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { isPaneGone } from "../tmux/error.ts";
import { PanePipe } from "../tmux/pane-pipe.ts";
import { tmuxEachAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type History, type PaneSeed, parseSeed, seedCommands } from "./pane-seed.ts";

/** A way to hear what a pane writes. */
export interface PaneFeed extends AsyncDisposable {
  /**
   * What the pane shows now: `take` is called when all that it wrote before has been handed over, and nothing of what it
   * writes after. One at a time.
   * @returns "done"; without `take` having been called, "taken" when the pane has a pipe that is not ours, "gone" without a
   *   pane, and for one that is dead, or about to be
   */
  seed(history: History, take: TakeSeed): Promise<SeedResult>;
  /** Whether the pane writes so much that some of it may be lost by a seed. */
  readonly isBusy: boolean;
  /** Resolves when all that the pane has written has been handed over, as far as that can be known. */
  drained(): Promise<void>;
  /** The commands that are to be carried out before it is disposed of. */
  release(): TmuxCommand[];
}

/** Takes what a pane shows; `isWhole`: it was heard all the time since the last seed. */
export type TakeSeed = (seed: PaneSeed, isWhole: boolean) => void;

/** How a seed came out. */
export type SeedResult = "done" | "taken" | "gone";

/** What a feed tells. */
export interface FeedHandlers {
  data(bytes: Uint8Array): Promise<void>;
  /** nothing more is heard: the pane is gone, or something else has its pipe; or `wasFull`, it wrote faster than was read */
  ended(wasFull: boolean): void;
}

/** How long the end of a pipe that another one has replaced is waited for when nothing of it comes. */
const DRAIN_MS = 1000;

interface Connected {
  seed: PaneSeed;
  isWhole: boolean;
}

/** Hears a pane through a pipe (see pane-pipe.ts), without a client. */
export class PipeFeed implements PaneFeed {
  private pipe: PanePipe | undefined;
  private hasEnded = false;
  private isReplacing = false;

  /** @param abandoned the pipes of dead readers (see abandonedPipes), which it may replace */
  constructor(
    private readonly server: TmuxServer,
    private readonly stateDir: string,
    private readonly pane: string,
    private readonly abandoned: readonly string[],
    private readonly handlers: FeedHandlers,
  ) {}

  async seed(history: History, take: TakeSeed): Promise<SeedResult> {
    // each has a pipe of its own, which begins where the seed ends
    const last = this.pipe;
    const next = PanePipe.open(this.stateDir);
    // the end of the last pipe may be heard before tmux has answered
    this.isReplacing = true;
    let found: Connected | "taken" | "gone" = "gone";
    try {
      found = await this.connect(next, history, last);
    } finally {
      this.isReplacing = false;
      if (found === "gone" && last && this.hasEnded) this.handlers.ended(last.wasFull);
    }
    if (typeof found === "string") return found;
    this.pipe = next;
    this.hasEnded = false;
    // it is read at once, or a flood would fill it while the rest of the last one is dealt with
    const taken = Promise.withResolvers<void>();
    void this.read(next, taken.promise);
    const isDrained = last === undefined || (await last.ended(DRAIN_MS));
    last?.[Symbol.dispose]();
    take(found.seed, found.isWhole && isDrained);
    taken.resolve();
    return "done";
  }

  get isBusy(): boolean {
    return this.pipe?.isBusy === true;
  }

  /** Leaves the pipe in the pane, which is dead: the next daemon finds it. */
  abandon(): void {
    if (this.pipe?.isAtEnd === false) this.pipe.abandon();
  }

  async drained(): Promise<void> {
    if (!this.hasEnded) await this.pipe?.drained();
  }

  release(): TmuxCommand[] {
    // one that has ended is not the pane's any more, and another may be
    return this.pipe?.isAtEnd === false ? [this.pipe.disconnect(this.pane)] : [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pipe?.[Symbol.dispose]();
    this.pipe = undefined;
  }

  private async connect(
    pipe: PanePipe,
    history: History,
    last: PanePipe | undefined,
  ): Promise<Connected | "taken" | "gone"> {
    const { pane } = this;
    // one that has ended is not the pane's any more, and a person's may be
    const replaced = [...this.abandoned, ...(last?.isAtEnd === false ? [last.token] : [])];
    // no client is attached for a dead pane
    const state = `${pipe.isConnected} #{?#{pane_dead},0,${PanePipe.isTaken(replaced)}}`;
    const commands = [
      ["display-message", "-p", "-t", pane, last?.isConnected ?? "1"],
      pipe.connect(pane, replaced),
      ["display-message", "-p", "-t", pane, state],
      ...seedCommands(pane, history),
    ];
    try {
      const [before = "", , answer = "", ...shown] = await tmuxEachAsync(this.server, commands);
      const [isConnected, isTaken] = answer.trim().split(" ");
      const seed = parseSeed(
        shown.map((text) => text.split("\n").slice(0, -1)),
        history,
      );
      if (isConnected === "1" && seed) return { seed, isWhole: before.trim() === "1" };
      pipe[Symbol.dispose]();
      return seed && isTaken === "1" ? "taken" : "gone";
    } catch (thrown) {
      pipe[Symbol.dispose]();
      if (isPaneGone(thrown)) return "gone";
      throw thrown;
    }
  }

  /** Hands over what a pipe brings, once what came before has been taken. */
  private async read(pipe: PanePipe, before: Promise<void>): Promise<void> {
    await pipe.read(async (bytes) => {
      await before;
      await this.handlers.data(bytes);
      if (pipe.isBusy) await othersTurn();
    });
    await before;
    if (this.pipe !== pipe) return; // another one has replaced it
    this.hasEnded = true;
    if (!this.isReplacing) this.handlers.ended(pipe.wasFull);
  }
}
