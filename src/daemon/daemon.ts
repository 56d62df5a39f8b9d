import { existsSync, rmSync } from "node:fs";
import { HEARTBEAT_MS } from "../health/heartbeat.ts";
import { HeartbeatWriter } from "../health/heartbeat-writer.ts";
import type { EventsQuery, Status, Sync } from "../ipc/protocol.ts";
import { type Handlers, type IpcServer, serve } from "../ipc/server.ts";
import { config } from "../lib/config.ts";
import { AppError, asError } from "../lib/errors.ts";
import { type FileId, fileId } from "../lib/files.ts";
import type { Log } from "../lib/log.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { VERSION } from "../lib/self.ts";
import { within } from "../lib/wait.ts";
import { Claim } from "../process/claim.ts";
import { stoppedAs } from "../process/holder.ts";
import { isOwnerAlive, isTableQuick } from "../process/identity.ts";
import type { ProcessId } from "../process/process-table.ts";
import { endOrphanedClients, signal } from "../process/terminate.ts";
import { believedTime } from "../store/believed-time.ts";
import { isDamage, openSoundStore, type Store } from "../store/database.ts";
import { countByType, countEvents, EVENT_TYPES, lastSeq } from "../store/events.ts";
import { endOrphans } from "../store/owners.ts";
import { prune } from "../store/prune.ts";
import { requireTmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { CallbackRunner } from "./callbacks.ts";
import { Engine } from "./engine.ts";
import { EventFeed } from "./feed.ts";
import { daemonMetrics } from "./metrics.ts";
import { Supervision } from "./supervision.ts";

/** What a daemon is started with. */
export interface DaemonOptions {
  server: TmuxServer;
  paths: StatePaths;
  log: Log;
  /** limits it to one session, with which it ends */
  session: string | undefined;
  /** ends it after so many seconds without a subscription */
  idleExitS: number | undefined;
  /** the arguments it was started with, for who starts it again */
  args: string[];
  /** whether a watchdog started it */
  isSupervised: boolean;
  /** starts another watchdog when the one it has was killed */
  startWatchdog(): Promise<void>;
  /** called once, when it serves */
  onReady(): void;
  /** aborted to stop it */
  signal: AbortSignal;
}

/**
 * Runs the event daemon until it is told to stop; returns the exit code: 0 for a stop that was asked for, 1 when its
 * state was taken away. Throws ERR_DAEMON_RUNNING, ERR_UNSAFE_STATE_DIR, ERR_TMUX_MISSING, ERR_TMUX_TOO_OLD.
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  requireTmux();
  ensureStateDir(options.paths);
  const claim = Claim.take("daemon", { lock: options.paths.daemonLock, pid: options.paths.daemonPid }, options.args);
  try {
    endOrphanedClients(options.paths.dir);
    return await new Daemon(options, claim).run();
  } finally {
    claim.release();
  }
}

const SYNC_MS = 3000;
const PRUNE_FIRST_MS = 1000;
const PRUNE_MS = 60_000;
/**
 * After how many heartbeats it is looked whether the files in the state folder are still there, and what else is no
 * matter of half a second: every two seconds. An idle daemon costs what it touches each time.
 */
const TICKS_PER_LOOK = 4;

/** The parts of a daemon, and what it does twice a second. */
class Daemon {
  private readonly startedAt = Date.now();
  private readonly end = Promise.withResolvers<number>();
  private readonly store: Store;
  private readonly database: FileId | undefined;
  private readonly feed: EventFeed;
  private readonly callbacks: CallbackRunner;
  private readonly engine: Engine;
  private readonly heartbeat: HeartbeatWriter;
  private handlers: Handlers | undefined;
  private ipc: IpcServer | undefined;
  private readonly supervision: Supervision;
  /** when there was last something to watch or to run (ms of performance.now()) */
  private busyAt = performance.now();
  private isLeaving = false;
  private ticks = 0;
  /** when to look for old events again (ms of performance.now()); not at once, for a quick start */
  private pruneAt = performance.now() + PRUNE_FIRST_MS;
  /** what it could not do at the last attempt, and why */
  private readonly complaints = new Map<string, string>();

  constructor(
    private readonly options: DaemonOptions,
    private readonly claim: Claim,
  ) {
    const { paths, log, server, session } = options;
    if (!existsSync(paths.database)) log.info(`a new state database, without any subscription: ${paths.database}`);
    const { store, damaged } = openSoundStore(paths.database);
    if (damaged)
      log.error(`the state database was damaged, and is now ${damaged}; a new one, without subscriptions, is used`);
    const feed = new EventFeed(store);
    const limits = { concurrency: config.callbackConcurrency, timeoutMs: config.callbackTimeoutS * 1000 };
    const callbacks = new CallbackRunner(store, log, limits, () => feed.publish());
    const onEvent = () => {
      callbacks.kick();
      feed.publish();
    };
    const onLimitGone = () => {
      if (this.isLeaving) return; // told at each look
      log.info(`session ${session} is no more; ending when the last callback has`);
      this.isLeaving = true;
    };
    this.engine = new Engine({ server, stateDir: paths.dir, store, log, session, onLimitGone, onEvent });
    this.heartbeat = new HeartbeatWriter(paths.heartbeat);
    const watchdog = {
      start: options.startWatchdog,
      // where each look would be a process, it is not looked
      stopped: () => (isTableQuick() ? stoppedAs("watchdog", paths.watchdogLock) : undefined),
      kill: (id: ProcessId) => void signal(id, "SIGKILL"),
    };
    this.supervision = new Supervision(watchdog, options.isSupervised, config.heartbeatMaxAgeS * 1000, log);
    this.store = store;
    this.feed = feed;
    this.callbacks = callbacks;
    this.database = fileId(paths.database);
  }

  async run(): Promise<number> {
    const { paths, log, server, signal } = this.options;
    await this.callbacks.recover();
    this.attempt("drop what nobody waits for", () => void endOrphans(this.store, isOwnerAlive));
    // a tmux that hangs is no reason not to serve
    await within(SYNC_MS, this.engine.trySync());
    const ready = Promise.withResolvers<void>();
    // who is told that it runs may count on it: not before whoever started it is told as well
    this.handlers = {
      status: async () => {
        await ready.promise;
        // a signal that came before the question counts before the answer
        await new Promise((resolve) => setTimeout(resolve));
        if (signal.aborted) throw new AppError("ERR_DAEMON_NOT_RUNNING", "The daemon ends, as it was told to");
        return this.status();
      },
      sync: () => this.sync(),
      metrics: () => this.metrics(),
      events: (query, aborted) => this.events(query, aborted),
      output: (pane, aborted) => this.engine.output(pane, aborted),
      tie: (aborted) => this.supervision.tie(aborted),
      release: () => this.supervision.release(),
    };
    this.listen();
    await within(SYNC_MS, this.engine.trySync()); // for who subscribed before there was a socket to tell it by
    this.beat();
    const timer = setInterval(() => this.tick(), HEARTBEAT_MS);
    signal.addEventListener("abort", () => this.end.resolve(0));
    if (signal.aborted) this.end.resolve(0);
    log.info(`daemon ${process.pid} is ready (claude-tmux ${VERSION}, tmux socket ${server.socket})`);
    this.callbacks.kick();
    this.options.onReady();
    ready.resolve();

    const exitCode = await this.end.promise;
    log.info(`daemon ${process.pid} stops`);
    clearInterval(timer);
    this.feed.close();
    // first of all: that nobody answers any more is how `ensure` knows one that leaves from one that works
    await this.ipc?.stop();
    await this.supervision.close();
    await this.engine[Symbol.asyncDispose]();
    await this.callbacks.close();
    this.store.close();
    this.heartbeat.close();
    if (exitCode === 0) rmSync(paths.heartbeat, { force: true });
    return exitCode;
  }

  /** Serves on the socket; on another one, if that was removed. */
  private listen(): void {
    if (!this.handlers || this.ipc?.isReachable()) return;
    if (this.ipc) {
      this.options.log.warn("the socket was removed or replaced; making it again");
      void this.ipc.stop();
    }
    this.ipc = serve(this.options.paths.daemonSocket, this.handlers);
  }

  private beat(): void {
    this.heartbeat.write(this.callbacks.counts.queued, this.engine.unwritten + this.callbacks.unwritten);
  }

  private tick(): void {
    const { paths, log } = this.options;
    this.ticks++;
    if (this.ticks % TICKS_PER_LOOK === 0) {
      this.attempt("look at the state folder", () => {
        if (this.claim.isIntact() && fileId(paths.database) === this.database) return;
        log.error(`the state in ${paths.dir} was deleted or replaced; ending`);
        this.end.resolve(1);
      });
      this.attempt("keep its files", () => this.claim.repair());
      this.attempt("look at its heartbeat", () => this.heartbeat.look());
      this.attempt("listen", () => this.listen());
      this.attempt("free memory", () => this.engine.freeMemory());
      this.attempt("drop what nobody waits for", () => {
        if (endOrphans(this.store, isOwnerAlive) > 0) void this.engine.trySync();
      });
    }
    // one that is stuck is as good as hung, whatever its timers do
    if (!this.engine.isStuck) this.attempt("write its heartbeat", () => this.beat());
    this.attempt("have a watchdog", () => this.supervision.tick());
    this.attempt("watch", () => this.engine.tick());
    this.attempt("run callbacks", () => this.callbacks.tick());
    this.attempt("prune", () => this.prune());
    this.leaveWhenIdle();
  }

  /** Does one of the things that a daemon does twice a second; a failure is no reason to leave the others. */
  private attempt(what: string, run: () => void): void {
    try {
      run();
      this.complaints.delete(what);
    } catch (thrown) {
      const { message } = asError(thrown);
      if (isDamage(thrown)) {
        const next = "ending, so that the next daemon begins a new one";
        this.options.log.error(`the state database is damaged (${message}); ${next}`);
        this.end.resolve(1);
      }
      // once, not twice a second
      if (this.complaints.get(what) !== message) this.options.log.error(`the daemon cannot ${what}: ${message}`);
      this.complaints.set(what, message);
    }
  }

  /** Now and then, removes what is over and has been kept long enough. */
  private prune(): void {
    if (performance.now() < this.pruneAt) return;
    this.pruneAt = performance.now() + PRUNE_MS;
    const retention = { events: config.eventsMax, days: config.eventsDays };
    const pruned = prune(this.store, retention, believedTime(this.store));
    if (pruned > 0) this.options.log.info(`${pruned} old events were removed from the log of events`);
  }

  private leaveWhenIdle(): void {
    const { running, queued } = this.callbacks.counts;
    const isBusy = running + queued > 0;
    if (isBusy || this.engine.isWanted) this.busyAt = performance.now();
    if (this.isLeaving && !isBusy) this.end.resolve(0);
    const { idleExitS } = this.options;
    if (idleExitS !== undefined && performance.now() - this.busyAt > idleExitS * 1000) this.end.resolve(0);
  }

  private status(): Status {
    const { subscriptions, sessions, panes, watchedPanes } = this.engine.counts;
    const { running, queued } = this.callbacks.counts;
    return {
      pid: process.pid,
      version: VERSION,
      started_at: this.startedAt,
      socket: this.options.server.socket,
      watched_sessions: sessions,
      panes,
      watched_panes: watchedPanes,
      subscriptions,
      events: countEvents(this.store),
      queue: queued,
      running_callbacks: running,
      memory_bytes: process.memoryUsage.rss(),
    };
  }

  private metrics(): string {
    const { store } = this;
    const events = { newest: lastSeq(store), byType: countByType(store) };
    return daemonMetrics(this.status(), this.callbacks.outcomes, events);
  }

  /** Throws ERR_INVALID_ARGUMENT for a type of which there are no events: its reader would wait for ever. */
  private events(query: EventsQuery, aborted: AbortSignal): ReadableStream<Uint8Array> {
    const { type } = query;
    if (type === undefined || EVENT_TYPES.some((known) => known === type)) return this.feed.stream(query, aborted);
    throw new AppError("ERR_INVALID_ARGUMENT", `"${type}" is not a type of event that this daemon knows`);
  }

  private async sync(): Promise<Sync> {
    await this.engine.sync();
    return { subscriptions: this.engine.counts.subscriptions };
  }
}
