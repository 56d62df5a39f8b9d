import { PaneWatch, type PaneWatchHandlers, type Typings } from "../matching/pane-watch.ts";
import type { Pattern } from "../matching/pattern.ts";
import type { ScreenSeed } from "../matching/screen.ts";
import type { Sighting } from "../matching/sightings.ts";
import { CLIENT_OF } from "../process/identity.ts";
import { ControlClient } from "../tmux/control-client.ts";
import { PANE_FORMAT, type Pane, parsePanes } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { parseTyped, TYPED_FORMAT, TYPED_OPTION } from "../tmux/typed.ts";

/** What a watched session tells its owner. */
export interface SessionHandlers {
  matched(subscription: number, pane: Pane, sighting: Sighting): void;
  paneCreated(pane: Pane): void;
  paneExited(pane: Pane): void;
  /** A pane has left for another session. */
  paneMoved(): void;
  /** Something went wrong in answer to news from tmux. */
  failed(thrown: unknown): void;
  /** The control client ended; whether the session did is for the owner to find out. */
  closed(reason: string): void;
}

/** What is watched for in a pane: a subscription's id and its pattern. */
export interface Want {
  subscription: number;
  pane: string;
  pattern: Pattern;
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
  "#{pane_width} #{pane_height} #{cursor_x} #{cursor_y} #{scroll_region_upper} #{scroll_region_lower} #{alternate_on} ";

/** One session followed through a control client: its panes, and what appears in those that are watched. */
export class SessionWatch implements AsyncDisposable {
  /** when it began (ms of performance.now()) */
  readonly openedAt = performance.now();
  private readonly client: ControlClient;
  private panes = new Map<string, Pane>();
  private readonly watches = new Map<string, PaneWatch>();
  private readonly lastTyped = new Map<string, Typings>();
  private isRefreshing = false;
  private isStale = false;

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
        output: (pane, data) => this.watches.get(pane)?.write(data),
        notification: (name) => {
          if (STRUCTURE.has(name)) this.refresh().catch(handlers.failed);
        },
        idle: async () => {
          for (const watch of this.watches.values()) await watch.flush();
        },
        closed: (reason) => handlers.closed(reason),
      },
    );
  }

  /** The panes of the session, as last heard. */
  get lastPanes(): Pane[] {
    return [...this.panes.values()];
  }

  /** Whether the pane, of that tmux server, is one of them. */
  has(pane: string, server: string): boolean {
    return this.panes.get(pane)?.server === server;
  }

  /** The panes whose screens are kept. */
  get watchedCount(): number {
    return this.watches.size;
  }

  /** Learns which panes there are; false when the client ended first. */
  async open(): Promise<boolean> {
    const rows = await this.listPanes();
    if (rows) this.panes = rows;
    return rows !== undefined;
  }

  /** Watches for exactly these; returns when it does, so that what is written after that is seen. */
  async want(wants: readonly Want[]): Promise<void> {
    const ids = new Set(wants.map((want) => want.subscription));
    for (const [pane, watch] of this.watches) {
      for (const id of watch.subscriptions) if (!ids.has(id)) watch.remove(id);
      if (watch.subscriptions.length === 0) this.drop(pane);
    }
    for (const { subscription, pane, pattern } of wants) {
      const watch = this.watches.get(pane) ?? (await this.seed(pane));
      if (!watch || watch.subscriptions.includes(subscription)) continue;
      await watch.add(subscription, pattern);
    }
  }

  /** Resolves when all that the panes have written so far has fired, or been found not to. */
  async settle(): Promise<void> {
    for (const watch of this.watches.values()) await watch.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pane of this.watches.keys()) this.drop(pane);
    await this.client[Symbol.asyncDispose]();
  }

  /** Starts to keep a pane's screen, from the very point in its output at which tmux tells what it shows. */
  private seed(id: string): Promise<PaneWatch | undefined> {
    return this.client.ask((answer) => {
      let state = "";
      this.client.send(["display-message", "-p", "-t", id, SEED_FORMAT + TYPED_FORMAT], (reply) => {
        state = reply.lines.join("\n");
      });
      this.client.send(["capture-pane", "-p", "-J", "-t", id], (reply) => {
        const seed = reply.isError || !this.panes.has(id) ? undefined : parseSeed(state, reply.lines);
        if (!seed) return answer(undefined);
        const watch = new PaneWatch(seed.screen, this.paneHandlers(id), seed.typed);
        this.watches.set(id, watch);
        answer(watch);
      });
    });
  }

  private paneHandlers(id: string): PaneWatchHandlers {
    return {
      typed: () => this.typed(id),
      matched: (subscription, sighting) => {
        const pane = this.panes.get(id);
        if (pane) this.handlers.matched(subscription, pane, sighting);
      },
    };
  }

  private async typed(pane: string): Promise<Typings> {
    const known = this.lastTyped.get(pane) ?? { last: "", typings: [] };
    const [last] = (await this.client.request(["display-message", "-p", "-t", pane, `#{${TYPED_OPTION}}`])) ?? [];
    // a pane that is gone can't be asked; what it was told last is known
    if (last === undefined || last === known.last) return known;
    const lines = await this.client.request(["display-message", "-p", "-t", pane, TYPED_FORMAT]);
    const now = lines ? parseTyped(lines.join("\n")) : known;
    this.lastTyped.set(pane, now);
    return now;
  }

  private async refresh(): Promise<void> {
    this.isStale = true;
    if (this.isRefreshing) return; // the list that is on its way may be older than the news: another follows it
    this.isRefreshing = true;
    try {
      while (this.isStale) {
        this.isStale = false;
        const now = await this.listPanes();
        if (now) await this.compare(now);
      }
    } finally {
      this.isRefreshing = false;
    }
  }

  private async compare(now: Map<string, Pane>): Promise<void> {
    const before = this.panes;
    const left = [...before.values()].filter((pane) => !now.has(pane.id));
    const elsewhere = left.length > 0 ? await this.client.request(["list-panes", "-a", "-F", "#{pane_id}"]) : [];
    if (!elsewhere) return; // the client has closed, and its owner looks after what is left
    for (const pane of left) {
      // its last words first: while they are judged the pane is still known
      await this.watches.get(pane.id)?.settle();
      this.drop(pane.id);
      if (!elsewhere.includes(pane.id)) this.handlers.paneExited(pane);
    }
    this.panes = now;
    if (left.some((pane) => elsewhere.includes(pane.id))) this.handlers.paneMoved();
    for (const pane of now.values()) {
      if (!before.has(pane.id)) this.handlers.paneCreated(pane);
      this.watches.get(pane.id)?.resize(pane.width, pane.height);
    }
  }

  private async listPanes(): Promise<Map<string, Pane> | undefined> {
    const lines = await this.client.request(["list-panes", "-s", "-t", this.sessionId, "-F", PANE_FORMAT]);
    return lines && new Map(parsePanes(`${lines.join("\n")}\n`).map((pane) => [pane.id, pane]));
  }

  private drop(pane: string): void {
    this.watches.get(pane)?.[Symbol.dispose]();
    this.watches.delete(pane);
    this.lastTyped.delete(pane);
  }
}

function parseSeed(state: string, lines: string[]): { screen: ScreenSeed; typed: Typings } | undefined {
  const [, numbers = "", typed = ""] = /^((?:\d+ ){7})(.*)$/s.exec(state) ?? [];
  const [cols = 0, rows = 0, x = 0, y = 0, upper = 0, lower = 0, alternate = 0] = numbers.split(" ").map(Number);
  if (cols === 0 || rows === 0) return undefined;
  return {
    screen: { cols, rows, lines, cursor: { x, y }, scrollRegion: { upper, lower }, isAlternate: alternate === 1 },
    typed: parseTyped(typed),
  };
}
