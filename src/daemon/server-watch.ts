import { sleep } from "../lib/wait.ts";
import { CLIENT_OF } from "../process/identity.ts";
import { type GuardedClient, spawnGuarded } from "../tmux/guard.ts";
import { joinCommands, type TmuxCommand, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

// What changes the sessions and panes that there are (tmux(1), HOOKS); the layout stands for joining and breaking.
const HOOKS = [
  "session-created",
  "session-closed",
  "session-renamed",
  "window-linked",
  "window-unlinked",
  "window-layout-changed",
  "after-new-window",
  "after-split-window",
  "after-kill-pane",
  "pane-exited",
  "pane-died",
];
// far above the indexes that people use, and different for each state folder
const INDEX_BASE = 9000;
const INDEX_COUNT = 1_000_000;
const SHORT_MS = 1000;

/** What is told of the server as a whole. */
export interface ServerHandlers {
  /** Sessions or panes may have come or gone. */
  changed(): void;
  /** The server is gone, or this client was killed: nothing is told until watch() is called again. */
  closed(reason: string): void;
}

/**
 * Learns of every change in a tmux server, also in sessions to which nothing is attached, without asking: global hooks
 * wake a client that waits (wait-for in tmux(1)). A wake-up that nobody waits for is kept by tmux, so none is lost
 * between two waits. The hooks are set anew with each wait, since a reloaded tmux.conf may drop them.
 */
export class ServerWatch implements AsyncDisposable {
  private client: GuardedClient | undefined;
  private isClosed = false;

  constructor(
    private readonly server: TmuxServer,
    private readonly stateDir: string,
    private readonly handlers: ServerHandlers,
  ) {}

  /** The commands to do before a look at the server's panes, so that what changes after the look is told. */
  get hooks(): TmuxCommand[] {
    if (this.client) return [];
    return HOOKS.map((hook) => ["set-hook", "-g", this.at(hook), this.ring]);
  }

  /** Begins to watch the server, which is there, if it does not yet. */
  watch(): void {
    if (this.client || this.isClosed) return;
    const startedAt = performance.now();
    const args = joinCommands([...this.hooks, ["wait-for", this.channel]]);
    const client = spawnGuarded(["-u", ...this.server.flags, ...args], { [CLIENT_OF]: this.stateDir });
    this.client = client;
    // the guard outlives the client: its output ends with it
    client.child.stdout.text().then(async () => {
      client.release();
      const complaint = await client.child.stderr.text();
      this.client = undefined;
      if (this.isClosed) return;
      if (complaint.trim() === "") {
        this.watch();
        return this.handlers.changed();
      }
      // one that can't wait at all must not be tried all the time
      if (performance.now() - startedAt < SHORT_MS) await sleep(SHORT_MS);
      this.handlers.closed(complaint.trim());
    });
  }

  /** Removes the hooks, and stops. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    const client = this.client;
    client?.release();
    await client?.child.exited;
    const unset = HOOKS.map((hook) => ["set-hook", "-gu", this.at(hook)]);
    await tmuxAsync(this.server, unset).catch(() => {}); // the server may be gone
  }

  private get number(): number {
    return Number(Bun.hash(this.stateDir) % BigInt(INDEX_COUNT));
  }

  private get channel(): string {
    return `claude-tmux-${this.number}`;
  }

  private get ring(): string {
    return `wait-for -S ${this.channel}`;
  }

  private at(hook: string): string {
    return `${hook}[${INDEX_BASE + this.number}]`;
  }
}
