import type { Typings } from "../matching/pane-watch.ts";
import { CLIENT_OF } from "../process/identity.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { ControlClient } from "../tmux/control-client.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { parseShellState, wordOf } from "../tmux/shell-state.ts";
import { parseLastTyped, parseTyped, TYPED_FORMAT, TYPED_OPTION } from "../tmux/typed.ts";
import { type FollowHandlers, needsHistory, PaneFollow, type PaneSeed } from "./pane-follow.ts";

/** What a watched session tells its owner. */
export interface SessionHandlers extends Omit<FollowHandlers, "typed"> {
  /** Panes may have come, gone or moved. */
  changed(): void;
  /** Something went wrong in answer to news from tmux. */
  failed(thrown: unknown): void;
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
const SEED_FORMAT =
  "#{pane_width} #{pane_height} #{cursor_x} #{cursor_y} #{scroll_region_upper} #{scroll_region_lower} #{alternate_on} #{history_size} #{history_limit} #{pane_pid} #{window_activity} #{@claude_tmux_key}";

/** One session followed through a control client, for what the panes that somebody subscribed to write. */
export class SessionWatch implements AsyncDisposable {
  /** when it began (ms of performance.now()) */
  readonly openedAt = performance.now();
  /** how much its panes have written since */
  bytes = 0;
  private readonly client: ControlClient;
  private readonly follows = new Map<string, PaneFollow>();
  private readonly lastTyped = new Map<string, Typings>();

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
          for (const follow of this.follows.values()) await follow.flush();
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
      const follow = this.follows.get(pane) ?? (await this.open(pane, wanted));
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
    const isResumed = subscriptions.some(needsHistory);
    const display = (format: string) => ["display-message", "-p", "-t", pane, format];
    const capture = ["capture-pane", "-p", "-t", pane, ...(isResumed ? ["-S", "-"] : [])];
    const commands = [
      display(SEED_FORMAT),
      display("#{pane_path}"),
      display(TYPED_FORMAT),
      capture,
      [...capture, "-J"],
    ];
    return this.client.ask((answer) => {
      this.client.sendAll(commands, (answers) => {
        const seed = answers && parseSeed(answers, isResumed);
        if (!seed) return answer(undefined);
        const follow = new PaneFollow(seed, subscriptions, { ...this.handlers, typed: () => this.typed(pane) });
        this.follows.set(pane, follow);
        answer(follow);
      });
    });
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
      this.follows.get(pane)?.resize(Number(cols), Number(rows));
    }
  }

  private drop(pane: string): void {
    this.follows.get(pane)?.[Symbol.dispose]();
    this.follows.delete(pane);
    this.lastTyped.delete(pane);
  }
}

function parseSeed(answers: string[][], isResumed: boolean): PaneSeed | undefined {
  const [state, path, typed, screenRows = [], lines = []] = answers;
  const numbers = (state?.[0] ?? "").split(" ").map(Number);
  const [cols = 0, rows = 0, x = 0, y = 0, upper = 0, lower = 0, alternate = 0, row = 0, limit = 0, pid = 0, at = 0] =
    numbers;
  if (cols === 0 || rows === 0) return undefined;
  const key = (state?.[0] ?? "").split(" ")[11] ?? "";
  const scrollRegion = { upper, lower };
  return {
    screen: { cols, rows, row, lines, cursor: { x, y }, scrollRegion, isAlternate: alternate === 1 },
    history: isResumed ? { rows: screenRows, limit } : undefined,
    typed: parseTyped(typed?.join("\n") ?? ""),
    shellPid: pid,
    shellKey: key,
    shell: wordOf(parseShellState(path?.[0] ?? ""), { pid, key }),
    activityAt: at * 1000,
  };
}
