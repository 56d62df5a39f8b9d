import type { Typings } from "../matching/pane-watch.ts";
import { CLIENT_OF } from "../process/identity.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { ControlClient } from "../tmux/control-client.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { parseLastTyped, parseTyped, TYPED_FORMAT, TYPED_OPTION } from "../tmux/typed.ts";
import { type FollowHandlers, needsHistory, PaneFollow } from "./pane-follow.ts";
import { type History, type PaneSeed, parseSeed, seedCommands } from "./pane-seed.ts";

/** What a watched session tells its owner. */
export interface SessionHandlers extends Omit<FollowHandlers, "typed"> {
  /** Panes may have come, gone or moved. */
  changed(): void;
  /** The control client ended; whether the session did is for the owner to find out. */
  closed(reason: string): void;
}

// after these, panes may have come, gone, moved or changed their size
const STRUCTURE = new Set([
  "layout-change",
  "window-add",
  "window-close",
  "unlinked-window-close",
  "window-renamed",
  "session-renamed",
]);
/** Rows of the history by which what the screen shows is recognized. */
const RECOGNIZED = 100;

/** One session followed through a control client, for what the panes that somebody subscribed to write. */
export class SessionWatch implements AsyncDisposable {
  /** when it began (ms of performance.now()) */
  readonly openedAt = performance.now();
  /** how much its panes have written since */
  bytes = 0;
  private readonly client: ControlClient;
  private readonly follows = new Map<string, PaneFollow>();
  private readonly lastTyped = new Map<string, Typings>();
  /** the panes of which it is found out whether they run another program now */
  private readonly checking = new Set<string>();

  constructor(
    server: TmuxServer,
    readonly sessionId: string,
    stateDir: string,
    private readonly handlers: SessionHandlers,
  ) {
    this.client = new ControlClient(
      server,
      sessionId,
      { [CLIENT_OF]: stateDir },
      {
        output: (pane, data) => {
          this.bytes += data.length;
          this.follows.get(pane)?.write(data);
        },
        notification: (name) => {
          if (!STRUCTURE.has(name)) return;
          this.followSizes().catch(handlers.failed);
          handlers.changed();
        },
        idle: async () => {
          for (const [pane, follow] of this.follows) if (this.isSame(pane, follow)) await follow.flush();
        },
        closed: (reason) => handlers.closed(reason),
      },
    );
  }

  /** The panes whose output is followed. */
  get followedCount(): number {
    return this.follows.size;
  }

  /** Follows exactly what these ask for; returns when it does, so that what is written after that is seen. */
  async want(subscriptions: readonly Subscription[]): Promise<void> {
    const byPane = Map.groupBy(subscriptions, ({ pane }) => pane);
    for (const pane of this.follows.keys()) if (!byPane.has(pane)) this.drop(pane);
    for (const [pane, wanted] of byPane) {
      const known = this.follows.get(pane);
      if (known?.needsSeed(wanted))
        await this.seed(pane, "all", (seed) => known.reseed(seed, { subscriptions: wanted, isComplete: true }));
      const follow = known ?? (await this.open(pane, wanted));
      await follow?.want(wanted);
    }
  }

  /** Resolves when all that a pane, or every one, has written so far has fired, or been found not to. */
  async settle(pane?: string): Promise<void> {
    // its answer comes after all that tmux had to pass on before it
    await this.client.request(["display-message", "-p", ""]);
    const follows = pane === undefined ? [...this.follows.values()] : [this.follows.get(pane)];
    for (const follow of follows) await follow?.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pane of this.follows.keys()) this.drop(pane);
    await this.client[Symbol.asyncDispose]();
  }

  /** Starts to follow a pane, from the very point in its output at which tmux tells what it shows. */
  private open(pane: string, subscriptions: readonly Subscription[]): Promise<PaneFollow | undefined> {
    const handlers = { ...this.handlers, typed: () => this.typed(pane) };
    return this.seed(pane, subscriptions.some(needsHistory) ? "all" : RECOGNIZED, (seed) => {
      const follow = new PaneFollow(seed, subscriptions, handlers);
      this.follows.set(pane, follow);
      return follow;
    });
  }

  /** What a pane shows now, taken in order with its output. */
  private seed<T>(pane: string, history: History, take: (seed: PaneSeed) => T): Promise<T | undefined> {
    return this.client.ask<T>((answer) => {
      this.client.sendAll(seedCommands(pane, history), (answers) => {
        const seed = answers && parseSeed(answers, history);
        answer(seed && take(seed));
      });
    });
  }

  /** Whether the pane's program is still the one that it was; one that has ended may have been replaced. */
  private isSame(pane: string, follow: PaneFollow): boolean {
    if (this.checking.has(pane)) return false;
    if (lives(follow.pid)) return true;
    this.checking.add(pane);
    this.seed(pane, "all", (seed) => {
      if (seed.shellPid !== follow.pid) follow.reseed(seed);
    })
      .then(() => follow.flush())
      .catch(this.handlers.failed)
      .finally(() => this.checking.delete(pane));
    return false;
  }

  private async typed(pane: string): Promise<Typings> {
    const known = this.lastTyped.get(pane) ?? { last: "", typings: [] };
    const [value] = (await this.client.request(["display-message", "-p", "-t", pane, `#{${TYPED_OPTION}}`])) ?? [];
    // a pane that is gone can't be asked; what it was told last is known
    if (value === undefined || parseLastTyped(value).stamp === known.last) return known;
    const lines = await this.client.request(["display-message", "-p", "-t", pane, TYPED_FORMAT]);
    const now = lines ? parseTyped(lines.join("\n")) : known;
    this.lastTyped.set(pane, now);
    return now;
  }

  /** In order with the panes' output, so that what is written after it is read at the new size. */
  private async followSizes(): Promise<void> {
    const format = "#{pane_id} #{pane_width} #{pane_height}";
    const lines = await this.client.request(["list-panes", "-s", "-t", this.sessionId, "-F", format]);
    for (const line of lines ?? []) {
      const [pane = "", cols, rows] = line.split(" ");
      const follow = this.follows.get(pane);
      if (!follow?.resize(Number(cols), Number(rows))) continue;
      // lines are moved by tmux in ways of its own
      await this.seed(pane, RECOGNIZED, (seed) => follow.reseed(seed, { isComplete: true }));
      await follow.flush();
    }
  }

  private drop(pane: string): void {
    this.follows.get(pane)?.[Symbol.dispose]();
    this.follows.delete(pane);
    this.lastTyped.delete(pane);
  }
}

/** Whether a process is there, whoever owns it. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}
