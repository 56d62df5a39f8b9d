import { statSync } from "node:fs";
import { asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/wait.ts";
import type { Store } from "../store/database.ts";
import { type EventRecord, recordEvent } from "../store/events.ts";
import { readNote, writeNote } from "../store/notes.ts";
import { activeSubscriptions, saveProgress } from "../store/subscriptions.ts";
import { type Ask, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { ActiveSubscriptions } from "./active-subscriptions.ts";
import { type Census, changes, paneEvent, readCensus, takeCensus } from "./census.ts";
import { EventWriter } from "./event-writer.ts";
import { Firings } from "./firings.ts";
import { Gaps } from "./gaps.ts";
import { takeHookEvents } from "./hook-events.ts";
import { importLegacyEvents } from "./legacy.ts";
import { PaneEnds } from "./pane-ends.ts";
import { type FoundPane, panesNow } from "./panes-now.ts";
import { ServerHooks } from "./server-hooks.ts";
import { SparingLog } from "./sparing-log.ts";
import { Triggers } from "./triggers.ts";

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
  /** called with all panes at each look */
  onLook(panes: readonly FoundPane[]): void;
  onEvent(event: EventRecord): void;
}

const RETRY_MS = 1000;
/** tmux is at a look for some 35 µs a pane: it begins a moment after the change, and not in the way of the command that comes next. */
const PAUSE_MS = { perPane: 0.05, atMost: 10 };
/** How often it is looked while dead panes are kept: tmux has no hook for their being respawned. */
const DEAD_LOOK_MS = 5000;
const STUCK_MS = 60_000;
/** Under which note the panes of the last look are kept: what has come or gone since is an event, also after a crash. */
const CENSUS = "census";

/**
 * The event engine: learns what happens in tmux, and writes it to the log. What to watch is always read from the database
 * and from tmux; the engine itself remembers nothing that could be lost.
 */
export class Engine implements AsyncDisposable {
  private readonly triggers: Triggers;
  private readonly server: ServerHooks;
  private readonly subscriptions: ActiveSubscriptions;
  /** what there was at the last look; undefined before the first, if the last daemon left none */
  private known: Census | undefined;
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private retryAt: number | undefined;
  /** when to look again while dead panes are kept (ms of performance.now()) */
  private deadLookAt = Number.POSITIVE_INFINITY;
  /** the socket of a server that was not there at the last look */
  private missing: { socket: string | undefined } | undefined;
  /** the id of the session that it is limited to */
  private limit: string | undefined;
  private readonly log: SparingLog;
  private readonly writer: EventWriter;
  private readonly ends: PaneEnds;
  private readonly firings: Firings;
  private readonly gaps = new Gaps((pane) => this.writeGap(pane));
  /** whether what version 3.0 left has been looked for */
  private hasImported = false;
  /** when the look at tmux began that is not over */
  private lookingSince: number | undefined;
  private isClosed = false;

  constructor(private readonly options: EngineOptions) {
    this.log = new SparingLog(options.log);
    this.writer = new EventWriter(this.log, options.onEvent);
    this.subscriptions = new ActiveSubscriptions(options.store);
    this.ends = new PaneEnds(options.server);
    this.firings = new Firings(options.store, this.writer, this.subscriptions, {
      spent: () => void this.trySync(),
    });
    this.server = new ServerHooks(options.server, options.stateDir, {
      changed: () => void this.syncSoon(),
      closed: (reason) => {
        options.log.info(`lost the connection to the tmux server (${reason})`);
        void this.trySync();
      },
    });
    this.triggers = new Triggers(options, {
      fire: (id, firing) => this.firings.fire(id, firing),
      progressed: (id, progress) => this.saveProgress(id, progress),
      changed: () => void this.trySync(),
      gap: (pane) => this.gaps.add(pane),
    });
    this.known = readCensus(readNote(options.store, CENSUS));
  }

  /**
   * Looks at tmux and at the subscriptions, writes down what has come and gone, and makes what is watched agree with
   * them; returns when it does. Of calls that come meanwhile, all are answered by one more look. Throws what tmux or the
   * database failed with; it is tried again a second later.
   */
  sync(): Promise<void> {
    if (this.next) return this.next;
    const next = this.running.then(async () => {
      this.next = undefined;
      this.lookingSince = performance.now();
      try {
        await this.look();
      } finally {
        this.lookingSince = undefined;
      }
    });
    this.next = next;
    this.running = next.then(
      () => {},
      () => {
        this.retryAt = performance.now() + RETRY_MS;
      },
    );
    return next;
  }

  /** As sync(), for callers that can do nothing about a failure: it is logged, and tried again. */
  async trySync(): Promise<void> {
    try {
      await this.sync();
    } catch (thrown) {
      this.options.log.error(`cannot watch what was subscribed to: ${asError(thrown).message}`);
    }
  }

  private async syncSoon(): Promise<void> {
    await sleep(Math.min((this.known?.panes.length ?? 0) * PAUSE_MS.perPane, PAUSE_MS.atMost));
    await this.trySync();
  }

  /**
   * What the daemon does every half second: what a timer missed because the clock was set, or tmux because it hung, and
   * whether a tmux server that was not there has come.
   */
  tick(): void {
    this.writer.retry();
    this.triggers.tick();
    const hasCome = this.missing !== undefined && socketId(this.options.server.socket) !== this.missing.socket;
    const now = performance.now();
    const isDue = this.deadLookAt <= now || (this.retryAt !== undefined && this.retryAt <= now);
    if (!hasCome && !isDue) return;
    this.retryAt = undefined;
    this.deadLookAt = now + DEAD_LOOK_MS; // told anew by the look
    void this.trySync();
  }

  /** What it does now and then: has tmux hear of programs in panes that have ended. */
  remind(): void {
    void this.ends.remind();
  }

  /** What a pane writes from now on, until the signal is aborted; undefined for one that is not watched. */
  output(pane: string, signal: AbortSignal): ReadableStream<Uint8Array> | undefined {
    return this.triggers.watches.output(pane, signal);
  }

  /** What it does now and then: after a flood, gives back what that took. */
  freeMemory(): void {
    this.triggers.watches.freeMemory();
  }

  /** How many events can't be written down now. */
  get unwritten(): number {
    return this.writer.waitingCount;
  }

  /** Whether anything is subscribed to. */
  get isWanted(): boolean {
    return this.subscriptions.size > 0;
  }

  /** Whether a look at tmux does not end, although each of its parts has a time-out. */
  get isStuck(): boolean {
    return this.lookingSince !== undefined && performance.now() - this.lookingSince > STUCK_MS;
  }

  /** The sessions with panes that are heard, the panes of the whole server, and those whose output is followed. */
  get counts(): { subscriptions: number; sessions: number; panes: number; watchedPanes: number } {
    const { sessions, watchedPanes } = this.triggers.watches.counts;
    return { subscriptions: this.subscriptions.size, sessions, panes: this.known?.panes.length ?? 0, watchedPanes };
  }

  /** How many coding agents are in each state, of those that are followed. */
  get agents(): Record<string, number> {
    return this.triggers.agents.counts;
  }

  /** Stops watching. What happens from now on is not an event for the next daemon: this one was told to stop. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    this.ends[Symbol.dispose]();
    await Promise.all([this.server[Symbol.asyncDispose](), this.triggers[Symbol.asyncDispose]()]);
    await this.running;
    this.firings.close();
    this.gaps.close();
    this.writer.retry();
    this.log.flush();
    try {
      writeNote(this.options.store, CENSUS, undefined);
    } catch (thrown) {
      this.options.log.warn(`the next daemon takes what changes until then for events: ${asError(thrown).message}`);
    }
  }

  private async look(): Promise<void> {
    const { store, server, session, onLimitGone } = this.options;
    if (this.isClosed) return;
    const socket = socketId(server.socket);
    const isHeard = await this.server.watch(); // before the look, so that what changes after it is told
    const found = await panesNow(server, activeSubscriptions(store));
    if (this.isClosed) return;
    if (found && !isHeard) this.retryAt = performance.now() + RETRY_MS;
    if (found && !this.hasImported) importLegacyEvents(store, found, this.options.log);
    this.hasImported ||= found !== undefined;
    this.missing = found ? undefined : { socket };
    const panes = found ?? [];
    this.options.onLook(panes);
    if (session !== undefined && this.limit === undefined) {
      this.limit = panes.find((pane) => pane.session === session)?.sessionId;
      if (this.limit === undefined) return onLimitGone();
    }
    const now = takeCensus(panes, this.known, this.limit);
    // whoever follows a pane from now on begins with what has been written down
    this.firings.flush();
    this.subscriptions.read();
    await this.tellChanges(now, panes);
    this.ends.attend(panes);
    const hasDead = panes.some(({ isDead }) => isDead);
    this.deadLookAt = hasDead ? performance.now() + DEAD_LOOK_MS : Number.POSITIVE_INFINITY;
    this.subscriptions.place(panes, this.limit);
    await this.tellHooks(panes.filter(({ sessionId }) => this.limit === undefined || sessionId === this.limit));
    const failed = await this.triggers.want(this.subscriptions.values(), panes);
    if (this.limit !== undefined && now.sessions.length === 0) onLimitGone();
    else if (failed) throw failed;
  }

  /** Writes down what has come and gone since the last look. */
  private async tellChanges(now: Census, panes: readonly FoundPane[]): Promise<void> {
    const { store } = this.options;
    const found = this.known === undefined ? [] : changes(this.known, now);
    if (this.known !== undefined && found.length === 0 && JSON.stringify(this.known) === JSON.stringify(now)) return;
    const ends = found.filter(({ event }) => event.event_type === "pane-exit");
    await Promise.all(ends.map((change) => this.ends.describe(change, panes, this.triggers.watches)));
    this.firings.flush();
    this.known = now;
    const fired = found.map((change) => ({ event: change.event, firings: this.subscriptions.fire(change) }));
    // one transaction: a crash leaves the events and the panes that they are told from, or neither
    const record = store.transaction(() => {
      const records = fired.map(({ event, firings }) => recordEvent(store, event, firings));
      writeNote(store, CENSUS, JSON.stringify(now));
      return records;
    });
    this.writer.write(
      found.map(({ event }) => event),
      () => record.immediate(),
    );
  }

  /** Writes down what agents' hooks have told since. */
  private async tellHooks(panes: readonly FoundPane[]): Promise<void> {
    const { store, server } = this.options;
    const ask: Ask = (commands) => tmuxAsync(server, commands);
    const events = await takeHookEvents(ask, panes, [...this.subscriptions.values()]);
    if (events.length > 0) this.writer.write(events, () => events.map((event) => recordEvent(store, event, [])));
  }

  /** What can't be noted is found out again by whoever watches next. */
  private saveProgress(id: number, progress: string): void {
    this.firings.flush(id);
    // what is still to be written must be found again if it never is
    if (this.writer.waitingCount > 0) return;
    try {
      saveProgress(this.options.store, id, progress);
    } catch (thrown) {
      this.options.log.warn(`how far subscription ${id} has got is not noted: ${asError(thrown).message}`);
    }
  }

  private writeGap(pane: string): void {
    const known = this.known?.panes.find((resident) => resident.id === pane);
    const message = "some of its output was not heard";
    const event = paneEvent("gap", known ?? { session: "", id: pane, paneId: "", label: "" }, message);
    this.writer.write([event], () => [recordEvent(this.options.store, event, [])]);
  }
}

/** Another one for each tmux server that makes the socket: file systems use the numbers of removed files again. */
function socketId(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}:${stat.ctimeMs}`;
}
