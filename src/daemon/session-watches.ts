import { asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/wait.ts";
import type { Subscription } from "../store/subscriptions.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isForOutput } from "./pane-follow.ts";
import { type SessionHandlers, SessionWatch } from "./session-watch.ts";

// a control client that keeps ending is attached again after 50, 100, 200 ms …
const REATTACH_MS = 50;
const REATTACH_MAX_MS = 2000;
const FLOOD_BYTES = 10_000_000;

/** The sessions that are attached to: those with panes whose output somebody subscribed to, and no others. */
export class SessionWatches implements AsyncDisposable {
  private readonly watches = new Map<string, SessionWatch>();
  private readonly reattachments = new Map<string, number>();
  /** bytes of output at the last tick, and when memory was last freed */
  private bytesBefore = 0;
  private bytesFreed = 0;
  private isClosed = false;

  /** `handlers.changed` is called as well when a session is to be attached to again. */
  constructor(
    private readonly options: { server: TmuxServer; stateDir: string; log: Log },
    private readonly handlers: Omit<SessionHandlers, "failed" | "closed">,
  ) {}

  /** Attaches to the sessions that these subscriptions need, and leaves the others. */
  async want(subscriptions: Iterable<Subscription>): Promise<void> {
    const wanted = Map.groupBy([...subscriptions].filter(isForOutput), ({ session_id }) => session_id);
    for (const id of this.watches.keys()) if (!wanted.has(id)) await this.leave(id);
    for (const id of this.reattachments.keys()) if (!wanted.has(id)) this.reattachments.delete(id);
    for (const [id, forOutput] of wanted) await (this.watches.get(id) ?? this.attach(id)).want(forOutput);
  }

  /** Waits until what a pane has written so far is dealt with, if it is followed. */
  async settle(sessionId: string, pane: string): Promise<void> {
    await this.watches.get(sessionId)?.settle(pane);
  }

  /** How many sessions are attached to, and how many panes are followed. */
  get counts(): { sessions: number; watchedPanes: number } {
    const watches = [...this.watches.values()];
    return { sessions: watches.length, watchedPanes: watches.reduce((sum, watch) => sum + watch.followedCount, 0) };
  }

  /** After a flood, gives back what it took: an idle process would keep it until it next allocates as much. */
  freeMemory(): void {
    let bytes = 0;
    for (const watch of this.watches.values()) bytes += watch.bytes;
    const isQuiet = bytes === this.bytesBefore;
    this.bytesBefore = bytes;
    this.bytesFreed = Math.min(this.bytesFreed, bytes); // watches end
    if (!isQuiet || bytes - this.bytesFreed < FLOOD_BYTES) return;
    this.bytesFreed = bytes;
    Bun.gc(true);
  }

  /** Leaves them all. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.watches.keys()].map((id) => this.leave(id)));
  }

  private attach(sessionId: string): SessionWatch {
    const { server, stateDir, log } = this.options;
    const watch = new SessionWatch(server, sessionId, stateDir, {
      ...this.handlers,
      failed: (thrown) => log.error(asError(thrown)),
      closed: (reason) => {
        this.reattach(sessionId, watch, reason).catch((thrown) => log.error(asError(thrown)));
      },
    });
    this.watches.set(sessionId, watch);
    log.info(`watching session ${sessionId}`);
    return watch;
  }

  private async leave(sessionId: string): Promise<void> {
    const watch = this.watches.get(sessionId);
    this.watches.delete(sessionId);
    await watch?.[Symbol.asyncDispose]();
  }

  /** The control client ended. If its session did not, it is attached again, and what was missed is looked up. */
  private async reattach(sessionId: string, watch: SessionWatch, reason: string): Promise<void> {
    if (this.isClosed || this.watches.get(sessionId) !== watch) return;
    const { log } = this.options;
    await watch.settle().catch((thrown) => log.error(asError(thrown))); // it is left in any case
    if (this.watches.get(sessionId) !== watch) return;
    await this.leave(sessionId);
    const isShort = performance.now() - watch.openedAt < REATTACH_MAX_MS;
    const attempt = isShort ? (this.reattachments.get(sessionId) ?? 0) + 1 : 0;
    this.reattachments.set(sessionId, attempt);
    log.info(`the control client of session ${sessionId} ended (${reason})`);
    // at once the first time: while nobody listens, what panes write is found in their history only
    if (attempt > 0) await sleep(Math.min(REATTACH_MS * 2 ** (attempt - 1), REATTACH_MAX_MS));
    if (!this.isClosed) this.handlers.changed();
  }
}
