import { AppError } from "../lib/errors.ts";
import { CLIENT_OF } from "../process/identity.ts";
import { attachTurn } from "../tmux/attach-turn.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { ControlClient } from "../tmux/control-client.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { FeedHandlers, PaneFeed, TakeSeed } from "./pane-feed.ts";
import { type History, parseSeed, seedCommands } from "./pane-seed.ts";

/** How long tmux may take to attach a client. */
const ATTACH_MS = 3000;

/** Hears a pane through a control client that is attached to its session: where the pane has a pipe of a person's. */
export class ControlFeed implements PaneFeed {
  readonly isBusy = false;
  private readonly client: ControlClient;
  private isOpen = false;
  private closedBy: string | undefined;

  private constructor(
    server: TmuxServer,
    private readonly stateDir: string,
    sessionId: string,
    private readonly pane: string,
    handlers: FeedHandlers,
  ) {
    let taking: Promise<void> | undefined;
    this.client = new ControlClient(
      server,
      sessionId,
      { [CLIENT_OF]: stateDir },
      {
        output: (id, data) => {
          if (id === pane) taking = handlers.data(data);
        },
        notification() {},
        idle: async () => {
          await taking;
        },
        closed: (reason) => {
          this.closedBy = reason;
          if (this.isOpen) handlers.ended(false);
        },
      },
    );
  }

  /**
   * Attaches, in turn with others (see attach-turn.ts).
   * @throws AppError ERR_COMMAND_FAILED when tmux attaches no client
   */
  static async open(
    server: TmuxServer,
    options: { stateDir: string; sessionId: string; pane: string },
    handlers: FeedHandlers,
  ): Promise<ControlFeed> {
    using _turn = await attachTurn(options.stateDir);
    const feed = new ControlFeed(server, options.stateDir, options.sessionId, options.pane, handlers);
    const timer = setTimeout(() => feed.client.giveUp(), ATTACH_MS);
    await feed.client.settled;
    clearTimeout(timer);
    if (feed.closedBy !== undefined) {
      const message = `Pane ${options.pane} has a pipe of its own, and tmux attaches no client to hear it: ${feed.closedBy}`;
      throw new AppError("ERR_COMMAND_FAILED", message);
    }
    feed.isOpen = true;
    return feed;
  }

  async seed(history: History, take: TakeSeed): Promise<"done" | "gone"> {
    const found = await this.client.ask<"done">((answer) => {
      this.client.sendAll(seedCommands(this.pane, history), (answers) => {
        const seed = answers && parseSeed(answers, history);
        if (seed) take(seed, true);
        answer(seed && "done");
      });
    });
    return found ?? "gone";
  }

  async drained(): Promise<void> {
    // its answer comes after all that tmux had to pass on before it
    await this.client.request(["display-message", "-p", ""]);
  }

  release(): TmuxCommand[] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _turn = await attachTurn(this.stateDir);
    await this.client[Symbol.asyncDispose]();
  }
}
