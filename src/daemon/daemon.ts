import { rmSync } from "node:fs";
import { HEARTBEAT_MS, writeHeartbeat } from "../health/heartbeat.ts";
import type { Status } from "../ipc/protocol.ts";
import { serve } from "../ipc/server.ts";
import { config } from "../lib/config.ts";
import { asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { VERSION } from "../lib/self.ts";
import { Claim } from "../process/claim.ts";
import { openStore } from "../store/database.ts";
import { countEvents, type EventRecord } from "../store/events.ts";
import { requireTmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { CallbackRunner } from "./callbacks.ts";
import { Engine } from "./engine.ts";
import { EventFeed } from "./feed.ts";

/** What a daemon is started with. */
export interface DaemonOptions {
  server: TmuxServer;
  paths: StatePaths;
  log: Log;
  /** limits it to one session, with which it ends */
  session: string | undefined;
  /** ends it after so many seconds without a subscription */
  idleExitS: number | undefined;
  /** called once, when it serves */
  onReady(): void;
  /** aborted to stop it */
  signal: AbortSignal;
}

/**
 * Runs the event daemon until it is told to stop; returns the exit code: 0 for a stop that was asked for, 1 when its
 * state folder was taken away. Throws ERR_DAEMON_RUNNING, ERR_UNSAFE_STATE_DIR, ERR_TMUX_MISSING, ERR_TMUX_TOO_OLD.
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const { server, paths, log, session } = options;
  requireTmux();
  ensureStateDir(paths);
  const claim = Claim.take("daemon", { lock: paths.daemonLock, pid: paths.daemonPid });
  const store = openStore(paths.database);
  const end = Promise.withResolvers<number>();
  const feed = new EventFeed(store);
  const limits = { concurrency: config.callbackConcurrency, timeoutMs: config.callbackTimeoutS * 1000 };
  const callbacks = new CallbackRunner(store, log, limits, (event) => feed.publish(event));
  const onEvent = (event: EventRecord) => {
    feed.publish(event);
    callbacks.kick();
    if (event.event_type === "session-closed" && event.session === session) end.resolve(0);
  };
  const engine = new Engine({ server, store, log, session, onEvent });

  const beat = () => writeHeartbeat(paths.heartbeat, callbacks.counts.queued);
  let idleSince = performance.now();
  const tick = () => {
    try {
      if (!claim.isIntact()) {
        log.error(`the state folder ${paths.dir} was taken away; ending`);
        return end.resolve(1);
      }
      beat();
      engine.tick();
      callbacks.kick();
      if (engine.counts.subscriptions > 0) idleSince = performance.now();
      else if (options.idleExitS !== undefined && performance.now() - idleSince > options.idleExitS * 1000)
        end.resolve(0);
    } catch (thrown) {
      log.error(`heartbeat: ${asError(thrown).message}`);
    }
  };
  const startedAt = Date.now();
  const status = (): Status => {
    const { subscriptions, sessions, panes, watchedPanes } = engine.counts;
    const { running, queued } = callbacks.counts;
    return {
      pid: process.pid,
      version: VERSION,
      started_at: startedAt,
      socket: server.socket,
      watched_sessions: sessions,
      panes,
      watched_panes: watchedPanes,
      subscriptions,
      events: countEvents(store),
      queue: queued,
      running_callbacks: running,
      memory_bytes: process.memoryUsage.rss(),
    };
  };
  const sync = async () => {
    await engine.sync();
    return { subscriptions: engine.counts.subscriptions };
  };

  await callbacks.recover();
  await engine.sync();
  const ipc = serve(paths.daemonSocket, { status, sync, events: (query, signal) => feed.stream(query, signal) });
  beat();
  const timer = setInterval(tick, HEARTBEAT_MS);
  options.signal.addEventListener("abort", () => end.resolve(0));
  if (options.signal.aborted) end.resolve(0);
  log.info(`daemon ${process.pid} is ready (claude-tmux ${VERSION}, tmux socket ${server.socket})`);
  callbacks.kick();
  options.onReady();

  const exitCode = await end.promise;
  log.info(`daemon ${process.pid} stops`);
  clearInterval(timer);
  feed.close();
  await ipc.stop();
  await engine[Symbol.asyncDispose]();
  await callbacks.close();
  store.close();
  if (exitCode === 0) {
    rmSync(paths.heartbeat, { force: true });
    claim.release();
  }
  return exitCode;
}
