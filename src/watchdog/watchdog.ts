import { heartbeatAge, readHeartbeat } from "../health/heartbeat.ts";
import { uptimeS } from "../lib/clock.ts";
import { config } from "../lib/config.ts";
import { asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { sleep } from "../lib/wait.ts";
import { type Started, startBackground } from "../process/background.ts";
import { Claim } from "../process/claim.ts";
import { processStat } from "../process/identity.ts";
import { killWithClients, terminate } from "../process/terminate.ts";
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

const CHECK_MS = 1000;

/**
 * Runs the daemon as a child and restarts it when it crashes or hangs, until it ends by itself or is told to. Returns
 * the exit code: 0 for that, 1 after giving up. Throws ERR_DAEMON_RUNNING, and whatever keeps the daemon from its first
 * start: trying again would not help.
 */
export class Watchdog {
  private claim: Claim;
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
    const { log, signal, policy } = this.options;
    let daemon = await this.startDaemon();
    if (daemon.failure) throw daemon.failure;
    this.options.onReady();
    for (;;) {
      const ending = daemon.failure ? await this.discard(daemon) : await this.supervise(daemon);
      if (ending.kind !== "crashed") {
        log.info(
          ending.kind === "stopped"
            ? "stopped, and the daemon with it"
            : "the daemon ended by itself; so does the watchdog",
        );
        this.claim.release();
        return 0;
      }
      const now = performance.now();
      const decision = decide(this.restarts, now, policy);
      if (decision.action === "give-up") {
        log.error(
          `the daemon ${ending.how}; giving up after ${decision.restarts} restarts within ${policy.windowMs / 1000} s`,
        );
        this.note({ state: "gave-up", daemon_pid: null, last_exit: ending.how });
        this.claim.release();
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
      if (!(await sleep(decision.delayMs, signal))) {
        this.claim.release();
        return 0;
      }
      daemon = await this.startDaemon();
    }
  }

  private async startDaemon(): Promise<Started> {
    const { paths, daemonArgs, log } = this.options;
    ensureStateDir(paths);
    const args = ["daemon", "run", ...daemonArgs];
    const daemon = await startBackground({ args, log: paths.daemonLog, timeoutMs: DAEMON_READY_MS });
    if (!daemon.failure) {
      log.info(`daemon ${daemon.process.pid} is ready`);
      this.note({ state: "running", daemon_pid: daemon.process.pid, next_restart_at: null });
    }
    return daemon;
  }

  /** Waits until the daemon ends, hangs, or is to be stopped. The kernel tells of its end at once. */
  private async supervise({ process: child }: Started): Promise<Ending> {
    const { signal, log } = this.options;
    const id = processStat(child.pid);
    for (;;) {
      const wake = new AbortController();
      const signals = AbortSignal.any([signal, wake.signal]);
      const exitCode = await Promise.race([child.exited, sleep(CHECK_MS, signals).then(() => undefined)]);
      wake.abort();
      if (exitCode !== undefined) {
        if (exitCode === 0) return { kind: "graceful" };
        return {
          kind: "crashed",
          how: child.signalCode ? `was killed by ${child.signalCode}` : `ended with exit code ${exitCode}`,
        };
      }
      if (signal.aborted) {
        if (id) await terminate(id, STOP_GRACE_MS);
        return { kind: "stopped" };
      }
      try {
        if (!this.claim.isIntact()) this.reclaim();
      } catch (thrown) {
        log.error(`the state folder cannot be taken back: ${asError(thrown).message}; ending, and the daemon with it`);
        if (id) await terminate(id, STOP_GRACE_MS);
        return { kind: "stopped" };
      }
      const age = this.heartbeatAge(child.pid);
      if (id && age !== undefined && age > config.heartbeatMaxAgeS) {
        await killWithClients(id);
        return { kind: "crashed", how: `hung (no heartbeat for ${Math.round(age)} s) and was killed` };
      }
    }
  }

  /** Ends a daemon that did not become ready. */
  private async discard({ process: child, failure }: Started): Promise<Ending> {
    const id = processStat(child.pid);
    if (id) await terminate(id, STOP_GRACE_MS);
    if (this.options.signal.aborted) return { kind: "stopped" };
    return { kind: "crashed", how: `did not start: ${failure?.message}` };
  }

  private heartbeatAge(pid: number): number | undefined {
    const beat = readHeartbeat(this.options.paths.heartbeat);
    return beat?.pid === pid ? heartbeatAge(beat, { ms: Date.now(), uptime: uptimeS() }) : undefined;
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
