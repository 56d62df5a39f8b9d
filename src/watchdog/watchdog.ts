import { readHeartbeatAge } from "../health/heartbeat.ts";
import { config } from "../lib/config.ts";
import { asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { sleep } from "../lib/wait.ts";
import { type Started, startBackground } from "../process/background.ts";
import { Claim } from "../process/claim.ts";
import { processStat } from "../process/identity.ts";
import { endOrphanedClients, killWithClients, terminate } from "../process/terminate.ts";
import { DAEMON_READY_MS, STOP_GRACE_MS } from "./lifecycle.ts";
import { decide, type RestartPolicy, recentRestarts } from "./policy.ts";
import { type WatchdogStatus, writeWatchdogStatus } from "./status.ts";

/** What a watchdog is started with. */
export interface WatchdogOptions {
  paths: StatePaths;
  /** the arguments of the daemon it runs, after `daemon run` */
  daemonArgs: string[];
  log: Log;
  policy: RestartPolicy;
  /** called once, when the daemon serves for the first time */
  onReady(): void;
  /** aborted to stop it and its daemon */
  signal: AbortSignal;
}

type Ending = { kind: "stopped" } | { kind: "graceful" } | { kind: "crashed"; how: string };

type Child = Started["process"];

const CHECK_MS = 1000;
/** How many checks in a row must find the heartbeat stale. */
const STALE_CHECKS = 3;

/**
 * Runs the daemon as a child and restarts it when it crashes or hangs, until it ends by itself or is told to. Returns
 * the exit code: 0 for that, 1 after giving up. Throws ERR_DAEMON_RUNNING, and whatever keeps the daemon from its first
 * start: trying again would not help.
 */
export class Watchdog {
  private claim: Claim;
  // read now: a mistake in it is to be told by the start, not by a crash later
  private readonly heartbeatMaxAgeS = config.heartbeatMaxAgeS;
  private restarts: number[] = [];
  private status: WatchdogStatus = {
    state: "running",
    daemon_pid: null,
    recent_restarts: 0,
    total_restarts: 0,
    last_exit: null,
    next_restart_at: null,
  };

  /** Takes the role of watchdog. Throws ERR_DAEMON_RUNNING, ERR_UNSAFE_STATE_DIR. */
  constructor(private readonly options: WatchdogOptions) {
    ensureStateDir(options.paths);
    this.claim = this.takeClaim();
  }

  /** Supervises until the end; see the class. */
  async run(): Promise<number> {
    try {
      const first = await this.startDaemon();
      if (first instanceof Error) throw first;
      this.options.onReady();
      return await this.keep(first);
    } finally {
      this.claim.release();
    }
  }

  /** Waits for the daemon's end and starts it again, until there is reason to stop. */
  private async keep(first: Child): Promise<number> {
    const { log, signal, policy } = this.options;
    for (let daemon: Child | Error = first; ; daemon = await this.startDaemon()) {
      const ending: Ending =
        daemon instanceof Error
          ? { kind: "crashed", how: `did not start: ${daemon.message}` }
          : await this.supervise(daemon);
      if (signal.aborted || ending.kind !== "crashed") {
        log.info(ending.kind === "graceful" ? "the daemon ended by itself; so does the watchdog" : "stopped");
        return 0;
      }
      endOrphanedClients(this.options.paths.dir);
      const now = performance.now();
      const decision = decide(this.restarts, now, policy);
      if (decision.action === "give-up") {
        log.error(
          `the daemon ${ending.how}; giving up after ${decision.restarts} restarts within ${policy.windowMs / 1000} s`,
        );
        this.note({ state: "gave-up", daemon_pid: null, last_exit: ending.how });
        return 1;
      }
      log.warn(
        `the daemon ${ending.how}; restart ${decision.attempt} of ${policy.limit} in ${decision.delayMs / 1000} s`,
      );
      this.restarts = [...recentRestarts(this.restarts, now, policy), now];
      this.note({
        state: "waiting",
        daemon_pid: null,
        last_exit: ending.how,
        recent_restarts: this.restarts.length,
        total_restarts: this.status.total_restarts + 1,
        next_restart_at: Date.now() + decision.delayMs,
      });
      if (!(await sleep(decision.delayMs, signal))) return 0;
    }
  }

  /** Starts the daemon; returns why it did not start, when it did not, and then nothing of it is left. */
  private async startDaemon(): Promise<Child | Error> {
    const { paths, daemonArgs, log } = this.options;
    try {
      ensureStateDir(paths);
      const args = ["daemon", "run", ...daemonArgs];
      const { process: child, failure } = await startBackground({
        args,
        log: paths.daemonLog,
        timeoutMs: DAEMON_READY_MS,
      });
      if (failure) {
        const late = processStat(child.pid);
        if (late) await terminate(late, STOP_GRACE_MS);
        return failure;
      }
      log.info(`daemon ${child.pid} is ready`);
      this.note({ state: "running", daemon_pid: child.pid, next_restart_at: null });
      return child;
    } catch (thrown) {
      return asError(thrown);
    }
  }

  /** Waits until the daemon ends, hangs, or is to be stopped. The kernel tells of its end at once. */
  private async supervise(child: Child): Promise<Ending> {
    const { signal, log } = this.options;
    const id = processStat(child.pid);
    const ended = new AbortController();
    void child.exited.then(() => ended.abort());
    const news = AbortSignal.any([signal, ended.signal]);
    for (let staleFor = 0; await sleep(CHECK_MS, news); ) {
      try {
        if (!this.claim.isIntact()) this.reclaim();
      } catch (thrown) {
        log.error(`the state folder cannot be taken back: ${asError(thrown).message}; ending, and the daemon with it`);
        if (id) await terminate(id, STOP_GRACE_MS);
        return { kind: "stopped" };
      }
      const age = readHeartbeatAge(this.options.paths.heartbeat, child.pid) ?? 0;
      // once is not enough: after a suspend everything is old, and a daemon that works will soon have written
      staleFor = age > this.heartbeatMaxAgeS ? staleFor + 1 : 0;
      if (!id || staleFor < STALE_CHECKS) continue;
      await killWithClients(id);
      return { kind: "crashed", how: `hung (no heartbeat for ${Math.round(age)} s) and was killed` };
    }
    if (ended.signal.aborted) {
      const exitCode = await child.exited;
      if (exitCode === 0) return { kind: "graceful" };
      return {
        kind: "crashed",
        how: child.signalCode ? `was killed by ${child.signalCode}` : `ended with exit code ${exitCode}`,
      };
    }
    if (id) await terminate(id, STOP_GRACE_MS);
    return { kind: "stopped" };
  }

  private takeClaim(): Claim {
    const { paths } = this.options;
    return Claim.take("watchdog", { lock: paths.watchdogLock, pid: paths.watchdogPid });
  }

  private reclaim(): void {
    this.options.log.warn("the state folder was deleted; making it again");
    ensureStateDir(this.options.paths);
    this.claim = this.takeClaim();
    this.note({});
  }

  private note(change: Partial<WatchdogStatus>): void {
    this.status = { ...this.status, ...change };
    try {
      writeWatchdogStatus(this.options.paths.watchdogStatus, this.status);
    } catch (thrown) {
      this.options.log.warn(`the status file cannot be written: ${asError(thrown).message}`);
    }
  }
}
