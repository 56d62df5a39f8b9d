import { CLIENT_OF } from "../process/identity.ts";
import { attachTurn } from "../tmux/attach-turn.ts";
import { ControlClient } from "../tmux/control-client.ts";
import type { TmuxCommand } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { FeedHandlers, PaneFeed } from "./pane-feed.ts";
import { type History, type PaneSeed, parseSeed, seedCommands } from "./pane-seed.ts";

/** Hears a pane through a control client that is attached to its session: where the pane has a pipe of a person's. */
export class ControlFeed implements PaneFeed {
  readonly isBusy = false;
  private readonly client: ControlClient;

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
        closed: () => handlers.ended(false),
      },
    );
  }

  /** Attaches, in turn with others (see attach-turn.ts). */
  static async open(
    server: TmuxServer,
    options: { stateDir: string; sessionId: string; pane: string },
    handlers: FeedHandlers,
  ): Promise<ControlFeed> {
    using _turn = await attachTurn(options.stateDir);
    const feed = new ControlFeed(server, options.stateDir, options.sessionId, options.pane, handlers);
    await feed.client.settled;
    return feed;
  }

  async seed<T>(history: History, take: (seed: PaneSeed) => T): Promise<{ value: T } | "gone"> {
    const found = await this.client.ask<{ value: T }>((answer) => {
      this.client.sendAll(seedCommands(this.pane, history), (answers) => {
        const seed = answers && parseSeed(answers, history);
        answer(seed && { value: take(seed) });
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
