import { asError } from "../lib/errors.ts";
import { within } from "../lib/wait.ts";
import { CLIENT_OF } from "../process/identity.ts";
import { joinCommands } from "../tmux/command-line.ts";
import { wakingHooks } from "../tmux/global-hooks.ts";
import { type GuardedClient, spawnGuarded } from "../tmux/guard.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

const READY = "ready";
const ANSWER_MS = 10_000;

/** What is told of the server as a whole. */
export interface ServerHandlers {
  /** Sessions or panes may have come or gone. */
  changed(): void;
  /** The server is gone, or this client was killed: nothing is told until watch() is called again. */
  closed(reason: string): void;
}

/**
 * Learns of every change in a tmux server, also in sessions to which nothing is attached, without asking: global hooks
 * wake a client that waits (wait-for in tmux(1)). They are set anew with each wait, since a reloaded tmux.conf may drop
 * them. Of signals that find nobody waiting tmux forgets every second one: so a look at the panes counts only when it is
 * made while somebody waits.
 */
export class ServerHooks implements AsyncDisposable {
  private client: GuardedClient | undefined;
  private waiting: Promise<boolean> | undefined;
  private isClosed = false;
  private readonly hooks: ReturnType<typeof wakingHooks>;

  constructor(
    private readonly server: TmuxServer,
    private readonly stateDir: string,
    private readonly handlers: ServerHandlers,
  ) {
    this.hooks = wakingHooks(stateDir);
  }

  /**
   * Resolves when the next change will be told; to false when it won't, since there is no server. Rejects when no client
   * can be started.
   */
  watch(): Promise<boolean> {
    if (this.isClosed) return Promise.resolve(false);
    this.waiting ??= this.wait().catch((thrown) => {
      this.waiting = undefined; // no client could be started: the next look tries again
      throw thrown;
    });
    return this.waiting;
  }

  private async wait(): Promise<boolean> {
    // tmux carries these out as one: when the word is there, the client waits
    const args = joinCommands([...this.hooks.set, ["display-message", "-p", READY], ["wait-for", this.hooks.channel]]);
    const client = spawnGuarded(["-u", ...this.server.flags, ...args], { [CLIENT_OF]: this.stateDir });
    this.client = client;
    const reader = client.child.stdout.getReader();
    const first = await within(ANSWER_MS, reader.read());
    if (first?.done === false)
      this.untilTold(client, reader).catch((thrown) => this.handlers.closed(asError(thrown).message));
    else this.forget(client); // no server, or one that does not answer
    return first?.done === false;
  }

  private async untilTold(client: GuardedClient, reader: { read(): Promise<{ done: boolean }> }): Promise<void> {
    try {
      // the guard outlives the client: its output ends with it
      while (!(await reader.read()).done);
    } finally {
      this.forget(client);
    }
    if (this.isClosed) return;
    const complaint = (await client.child.stderr.text()).trim();
    if (complaint !== "") this.handlers.closed(complaint);
    else this.handlers.changed();
  }

  private forget(client: GuardedClient): void {
    client.release();
    this.waiting = undefined;
  }

  /** Removes the hooks, and stops. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    this.client?.release();
    await this.client?.child.exited;
    await tmuxAsync(this.server, this.hooks.unset).catch(() => {}); // the server may be gone
  }
}
