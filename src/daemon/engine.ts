import { asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/wait.ts";
import { compilePattern } from "../matching/pattern.ts";
import type { Sighting } from "../matching/sightings.ts";
import type { Store } from "../store/database.ts";
import { addEvent, type EventRecord, type NewEvent, recordFiring } from "../store/events.ts";
import { activeSubscriptions, endSubscription, type Subscription } from "../store/subscriptions.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { Deadlines } from "./deadlines.ts";
import { EventWriter, paneEvent } from "./event-writer.ts";
import { panesNow, sessionOf } from "./panes-now.ts";
import { SessionWatch, type Want } from "./session-watch.ts";

/** What the engine needs of its daemon. */
export interface EngineOptions {
  server: TmuxServer;
  /** by which the clients it starts are known as its own */
  stateDir: string;
  store: Store;
  log: Log;
  /** limits it to the session of this name */
  session: string | undefined;
  /** called when that session is no more */
  onLimitGone(): void;
  onEvent(event: EventRecord): void;
}

// a control client that keeps ending is attached again after 50, 100, 200 ms …
const REATTACH_MS = 50;
const REATTACH_MAX_MS = 2000;
const RETRY_MS = 3000;
const MESSAGE_MAX = 500;

/**
 * The event engine: watches the sessions that somebody subscribed to, and writes what happens there to the log. What to
 * watch is always read from the database and from tmux; the engine itself remembers nothing that could be lost.
 */
export class Engine implements AsyncDisposable {
  private readonly watches = new Map<string, SessionWatch>();
  private subscriptions = new Map<number, Subscription>();
  private syncing: Promise<void> = Promise.resolve();
  private retryAt: number | undefined;
  /** the id of the session that it is limited to */
  private limit: string | undefined;
  /** subscriptions that have fired for the only time, although the database may not know it yet */
  private readonly spent = new Set<number>();
  private readonly reattachments = new Map<string, number>();
  private readonly writer: EventWriter;
  private readonly deadlines = new Deadlines((subscription) => this.fireTimeout(subscription));
  private isClosed = false;

  constructor(private readonly options: EngineOptions) {
    this.writer = new EventWriter(options.log, options.onEvent);
  }

  /**
   * Makes what is watched agree with the subscriptions; returns when it does. Calls queue up. Throws what tmux or the
   * database failed with; it is tried again a few seconds later.
   */
  sync(): Promise<void> {
    const next = this.syncing.then(() => this.doSync());
    this.syncing = next.then(
      () => {
        this.retryAt = undefined;
      },
      () => {
        this.retryAt = performance.now() + RETRY_MS;
      },
    );
    return next;
  }

  /** What the daemon does every half second: what a timer missed because the clock was set, or tmux because it hung. */
  tick(): void {
    this.writer.retry();
    this.deadlines.check();
    if (this.retryAt === undefined || this.retryAt > performance.now()) return;
    this.retryAt = undefined;
    void this.trySync();
  }

  /** What is watched now. */
  get counts(): { subscriptions: number; sessions: number; panes: number; watchedPanes: number } {
    const watches = [...this.watches.values()];
    return {
      subscriptions: this.subscriptions.size,
      sessions: watches.length,
      panes: watches.reduce((sum, watch) => sum + watch.lastPanes.length, 0),
      watchedPanes: watches.reduce((sum, watch) => sum + watch.watchedCount, 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    this.deadlines.close();
    await Promise.all([...this.watches.keys()].map((id) => this.unwatch(id)));
  }

  private async doSync(): Promise<void> {
    const { store, session, onLimitGone } = this.options;
    const all = activeSubscriptions(store);
    const panes = all.length === 0 && session === undefined ? [] : await panesNow(this.options.server, all);
    if (this.isClosed) return;
    if (session !== undefined && this.limit === undefined) {
      this.limit = panes.find((pane) => pane.session === session)?.sessionId;
      if (this.limit === undefined) onLimitGone();
    }
    this.subscriptions = new Map();
    for (const subscription of all) {
      if (this.spent.has(subscription.id)) continue;
      const where = this.locate(subscription, panes);
      if (where === undefined) endSubscription(store, subscription.id, "its pane is gone");
      else if (this.limit === undefined || this.limit === where) {
        this.subscriptions.set(subscription.id, { ...subscription, session_id: where });
      }
    }
    await this.watchSessions();
    this.deadlines.set(this.subscriptions.values());
  }

  /** The session that a subscription's pane is in; undefined when the pane is no more. */
  private locate(subscription: Subscription, panes: Pane[]): string | undefined {
    const { server, pane } = subscription;
    // a pane that a watch still knows ends there, after its last words have been heard
    return sessionOf(subscription, panes) ?? [...this.watches].find(([, watch]) => watch.has(pane, server))?.[0];
  }

  /** As sync(), for callers that can do nothing about a failure: it is logged, and tried again. */
  async trySync(): Promise<void> {
    try {
      await this.sync();
    } catch (thrown) {
      this.options.log.error(`cannot watch what was subscribed to: ${asError(thrown).message}`);
    }
  }

  private async watchSessions(): Promise<void> {
    const wants = new Map<string, Want[]>(this.limit === undefined ? [] : [[this.limit, []]]);
    for (const { id, type, session_id, pane, pattern } of this.subscriptions.values()) {
      const list = wants.get(session_id) ?? [];
      if (type === "pattern-match" && pattern !== null)
        list.push({ subscription: id, pane, pattern: compilePattern(pattern) });
      wants.set(session_id, list);
    }
    for (const id of this.watches.keys()) if (!wants.has(id)) await this.unwatch(id);
    for (const [id, list] of wants) {
      const watch = this.watches.get(id) ?? (await this.watch(id));
      await watch?.want(list);
    }
  }

  private async watch(sessionId: string): Promise<SessionWatch | undefined> {
    const watch = new SessionWatch(this.options.server, sessionId, this.options.stateDir, {
      matched: (id, pane, sighting) => this.fireMatch(id, pane, sighting),
      paneCreated: (pane) => this.emit(paneEvent("pane-created", pane, "pane created")),
      paneExited: (pane) => this.paneExited(pane),
      paneMoved: () => void this.trySync(),
      failed: (thrown) => this.options.log.error(asError(thrown)),
      closed: (reason) => {
        this.watchClosed(sessionId, watch, reason).catch((thrown) => this.options.log.error(asError(thrown)));
      },
    });
    this.watches.set(sessionId, watch);
    this.options.log.info(`watching session ${sessionId}`);
    return (await watch.open()) ? watch : undefined;
  }

  private async unwatch(sessionId: string): Promise<void> {
    const watch = this.watches.get(sessionId);
    this.watches.delete(sessionId);
    await watch?.[Symbol.asyncDispose]();
  }

  /** The control client ended. Only tmux can say whether its session did; if not, it is attached again. */
  private async watchClosed(sessionId: string, watch: SessionWatch, reason: string): Promise<void> {
    if (this.isClosed || this.watches.get(sessionId) !== watch) return;
    await watch.settle();
    const known = watch.lastPanes;
    await this.unwatch(sessionId);
    if (await this.isGone(sessionId, known[0]?.server)) {
      this.options.log.info(`session ${sessionId} is closed (${reason})`);
      this.reattachments.delete(sessionId);
      for (const pane of known) this.paneExited(pane);
      if (sessionId === this.limit) this.options.onLimitGone();
      const [first] = known;
      if (first)
        this.emit({ ...paneEvent("session-closed", first, "session closed"), pane: "", pane_id: "", label: "" });
    } else {
      const isShort = performance.now() - watch.openedAt < REATTACH_MAX_MS;
      const attempt = isShort ? (this.reattachments.get(sessionId) ?? 0) + 1 : 1;
      this.reattachments.set(sessionId, attempt);
      this.options.log.warn(`the control client of session ${sessionId} ended (${reason}); attaching again`);
      await sleep(Math.min(REATTACH_MS * 2 ** (attempt - 1), REATTACH_MAX_MS));
    }
    if (!this.isClosed) await this.trySync();
  }

  /** Whether tmux says for certain that the session is no more; while it can't tell, it may be there. */
  private async isGone(sessionId: string, server: string | undefined): Promise<boolean> {
    try {
      const panes = await panesNow(this.options.server, [...this.subscriptions.values()]);
      return !panes.some((pane) => pane.sessionId === sessionId && (server === undefined || pane.server === server));
    } catch {
      return false;
    }
  }

  private paneExited(pane: Pane): void {
    this.emit(paneEvent("pane-exit", pane, "pane exited"));
    for (const subscription of this.subscriptions.values()) {
      if (subscription.pane !== pane.id) continue;
      endSubscription(this.options.store, subscription.id, "its pane is gone");
      this.subscriptions.delete(subscription.id);
    }
  }

  private fireMatch(id: number, pane: Pane, { line, match }: Sighting): void {
    const subscription = this.subscriptions.get(id);
    if (!subscription) return;
    const data = { subscription: id, pattern: subscription.pattern, line, match: match.text };
    this.fire(subscription, { ...paneEvent("pattern-match", pane, line.slice(0, MESSAGE_MAX)), data });
  }

  private fireTimeout(subscription: Subscription): void {
    const { id, session, pane, pane_id, label, deadline } = subscription;
    const data = { subscription: id, deadline: new Date(deadline ?? 0).toISOString() };
    this.fire(subscription, { event_type: "timeout", session, pane, pane_id, label, message: "deadline passed", data });
  }

  private fire(subscription: Subscription, event: NewEvent): void {
    const { store } = this.options;
    if (subscription.once) {
      this.subscriptions.delete(subscription.id);
      this.spent.add(subscription.id);
    }
    this.writer.write(event, () => recordFiring(store, subscription, event));
    if (subscription.once) void this.trySync();
  }

  private emit(event: NewEvent): void {
    this.writer.write(event, () => addEvent(this.options.store, event));
  }
}
