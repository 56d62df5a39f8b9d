import { existsSync, rmSync } from "node:fs";
import { HEARTBEAT_MS } from "../health/heartbeat.ts";
import { HeartbeatWriter } from "../health/heartbeat-writer.ts";
import { type Handlers, type IpcServer, serve } from "../ipc/server.ts";
import { config } from "../lib/config.ts";
import { type FileId, fileId } from "../lib/files.ts";
import { noteOwner } from "../lib/folder-notes.ts";
import type { Log } from "../lib/log.ts";
import { ensureStateDir, knownDurableRoot, type StatePaths } from "../lib/paths.ts";
import { releaseCode } from "../lib/resident.ts";
import { VERSION } from "../lib/self.ts";
import { within } from "../lib/wait.ts";
import { Claim } from "../process/claim.ts";
import { stoppedAs } from "../process/holder.ts";
import { isOwnerAlive, isTableQuick } from "../process/identity.ts";
import type { ProcessId } from "../process/process-table.ts";
import { endOrphanedClients, signal as signalProcess } from "../process/terminate.ts";
import { believedTime } from "../store/believed-time.ts";
import { openSoundStore, type Store } from "../store/database.ts";
import { addEvent, type NewEvent } from "../store/events.ts";
import { endOrphans } from "../store/owners.ts";
import { prune } from "../store/prune.ts";
import { activeSubscriptions } from "../store/subscriptions.ts";
import { requireTmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { handlersOf } from "./answers.ts";
import { Autosaver } from "./autosaver.ts";
import { CallbackRunner } from "./callbacks.ts";
import { Collector } from "./collector.ts";
import { Engine } from "./engine.ts";
import { EventFeed } from "./feed.ts";
import type { FoundPane } from "./panes-now.ts";
import { type Part, Parts } from "./parts.ts";
import { WatchdogTie } from "./watchdog-tie.ts";

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
    noteOwner(options.paths.dir, { durable: knownDurableRoot() ?? null, socket: options.server.socket });
    endOrphanedClients(options.paths.dir);
    return await new Daemon(options, claim).run();
  } finally {
    claim.release();
  }
}

const SYNC_MS = 3000;
const PRUNE_FIRST_MS = 1000;
const PRUNE_MS = 60_000;
const HOUR_MS = 3_600_000;
// How often it is done what is no matter of half a second: an idle daemon costs what it touches each time.
const REMIND_MS = 1000;
const FREE_MS = 2000;
/** So long after its start it does no more of what only that needs. */
const RESTING_MS = 5000;
const LOOK_MS = 4000;
const COLLECT_LOOK_MS = 60_000;

/** A daemon: a list of parts, and how it begins and ends. */
class Daemon {
  private readonly end = Promise.withResolvers<number>();
  private readonly ready = Promise.withResolvers<void>();
  private readonly store: Store;
  private readonly database: FileId | undefined;
  private readonly feed: EventFeed;
  private readonly callbacks: CallbackRunner;
  private readonly engine: Engine;
  private readonly heartbeat: HeartbeatWriter;
  private readonly supervision: WatchdogTie;
  private readonly collector: Collector;
  private readonly autosaver: Autosaver;
  private readonly handlers: Handlers;
  private ipc: IpcServer | undefined;
  /** when there was last something to watch or to run (ms of performance.now()) */
  private busyAt = performance.now();
  private isLeaving = false;

  constructor(
    private readonly options: DaemonOptions,
    private readonly claim: Claim,
  ) {
    const { paths, log, server, session, signal } = options;
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
      log.info(`session ${session} has ended; so does the daemon, after the last callback`);
      this.isLeaving = true;
    };
    const onLook = (panes: readonly FoundPane[]) => {
      this.collector.watch(panes.map(({ owner }) => owner).filter((owner) => owner !== undefined));
      this.autosaver.look(panes);
    };
    this.engine = new Engine({ server, stateDir: paths.dir, store, log, session, onLimitGone, onEvent, onLook });
    this.heartbeat = new HeartbeatWriter(paths.heartbeat);
    const watchdog = {
      start: options.startWatchdog,
      // where each look would be a process, it is not looked
      stopped: () => (isTableQuick() ? stoppedAs("watchdog", paths.watchdogLock) : undefined),
      kill: (id: ProcessId) => void signalProcess(id, "SIGKILL"),
    };
    this.supervision = new WatchdogTie(watchdog, options.isSupervised, config.heartbeatMaxAgeS * 1000, log);
    const onEvents = (events: readonly NewEvent[]) => {
      for (const event of events) addEvent(store, event);
      feed.publish();
    };
    this.collector = new Collector({ server, paths, log, onEvents });
    this.autosaver = new Autosaver({ server, log, onEvents, subscriptions: () => activeSubscriptions(store) });
    this.store = store;
    this.feed = feed;
    this.callbacks = callbacks;
    this.database = fileId(paths.database);
    const { autosaver, engine, supervision } = this;
    const ready = this.ready.promise;
    const { socket } = server;
    this.handlers = handlersOf({ socket, store, feed, callbacks, autosaver, engine, supervision, ready, signal });
  }

  async run(): Promise<number> {
    const { paths, log } = this.options;
    const onDamage = (reason: string) => {
      log.error(`the state database is damaged (${reason}); ending, so that the next daemon begins a new one`);
      this.end.resolve(1);
    };
    const parts = new Parts(this.parts(), { log, tickMs: HEARTBEAT_MS, onDamage });
    let exitCode: number;
    try {
      exitCode = await this.serve(parts);
    } finally {
      // also one that can't serve leaves nothing in the panes that it began to hear
      await parts[Symbol.asyncDispose]();
    }
    if (exitCode === 0) rmSync(paths.heartbeat, { force: true });
    return exitCode;
  }

  /** Serves until it is told to end; returns the exit code. */
  private async serve(parts: Parts): Promise<number> {
    const { log, server, signal } = this.options;
    await this.callbacks.recover();
    parts.attempt(DROP_ORPHANS, () => void endOrphans(this.store, isOwnerAlive));
    // a tmux that hangs is no reason not to serve
    await within(SYNC_MS, this.engine.trySync());
    this.listen();
    await within(SYNC_MS, this.engine.trySync()); // for who subscribed before there was a socket to tell it by
    this.beat();
    const timer = setInterval(() => parts.tick(), HEARTBEAT_MS);
    signal.addEventListener("abort", () => this.end.resolve(0));
    if (signal.aborted) this.end.resolve(0);
    log.info(`daemon ${process.pid} is ready (claude-tmux ${VERSION}, tmux socket ${server.socket})`);
    this.callbacks.kick();
    // who is told that it runs may count on it: not before whoever started it is told as well
    this.options.onReady();
    this.ready.resolve();

    const exitCode = await this.end.promise;
    log.info(`daemon ${process.pid} stops`);
    clearInterval(timer);
    return exitCode;
  }

  /** What it does now and then, in this order; they end in the opposite one. */
  private parts(): Part[] {
    const { autosaver, callbacks, claim, collector, engine, feed, heartbeat, store, supervision } = this;
    return [
      { what: "check the state folder", everyMs: LOOK_MS, tick: () => this.lookAtState() },
      { what: "keep its files in place", everyMs: LOOK_MS, tick: () => claim.repair() },
      {
        what: "prune",
        everyMs: PRUNE_MS,
        afterMs: PRUNE_FIRST_MS,
        tick: () => this.prune(),
        close: () => store.close(),
      },
      { what: "check its heartbeat", everyMs: LOOK_MS, tick: () => heartbeat.look(), close: () => heartbeat.close() },
      { what: "write its heartbeat", tick: () => this.beat() },
      { what: "run callbacks", tick: () => callbacks.tick(), close: () => callbacks.close() },
      { what: "watch panes", tick: () => engine.tick(), close: () => engine[Symbol.asyncDispose]() },
      { what: "hear of programs that have ended", everyMs: REMIND_MS, tick: () => engine.remind() },
      { what: "free memory", everyMs: FREE_MS, tick: () => engine.freeMemory() },
      { what: "release code that is not in use", everyMs: HOUR_MS, afterMs: RESTING_MS, tick: releaseCode },
      { what: DROP_ORPHANS, everyMs: FREE_MS, tick: () => this.dropOrphans() },
      {
        what: "collect what nobody needs",
        everyMs: Math.min(COLLECT_LOOK_MS, config.gcEveryS * 1000),
        tick: () => collector.tick(),
        close: () => collector[Symbol.asyncDispose](),
      },
      { what: "see to sessions whose owners end", everyMs: FREE_MS, tick: () => collector.lookAtOwners() },
      {
        what: "save sessions",
        everyMs: FREE_MS,
        tick: () => autosaver.tick(),
        close: () => autosaver[Symbol.asyncDispose](),
      },
      { what: "keep a watchdog", tick: () => supervision.tick(), close: () => supervision.close() },
      { what: "leave when it is idle", tick: () => this.leaveWhenIdle() },
      // that nobody answers any more is how `ensure` knows one that leaves from one that works: it ends nearly first
      { what: "listen on its socket", everyMs: LOOK_MS, tick: () => this.listen(), close: () => this.ipc?.stop() },
      { what: "pass on events", close: () => feed.close() },
    ];
  }

  private lookAtState(): void {
    const { paths, log } = this.options;
    if (this.claim.isIntact() && fileId(paths.database) === this.database) return;
    log.error(`the state in ${paths.dir} was deleted or replaced; ending`);
    this.end.resolve(1);
  }

  /** Serves on the socket; on another one, if that was removed. */
  private listen(): void {
    if (this.ipc?.isReachable()) return;
    if (this.ipc) {
      this.options.log.warn("the socket was removed or replaced; making it again");
      void this.ipc.stop();
    }
    this.ipc = serve(this.options.paths.daemonSocket, this.handlers);
  }

  private beat(): void {
    if (this.engine.isStuck) return; // it is as good as hung, whatever its timers do
    this.heartbeat.write(this.callbacks.counts.queued, this.engine.unwritten + this.callbacks.unwritten);
  }

  private dropOrphans(): void {
    if (endOrphans(this.store, isOwnerAlive) > 0) void this.engine.trySync();
  }

  /** Removes what is over and has been kept long enough. */
  private prune(): void {
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
}

const DROP_ORPHANS = "drop subscriptions that nobody waits for any more";
