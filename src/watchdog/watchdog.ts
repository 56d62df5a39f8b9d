import { readHeartbeatAge } from "../health/heartbeat.ts";
import { requestRelease } from "../ipc/client.ts";
import { uptimeS } from "../lib/clock.ts";
import { config } from "../lib/config.ts";
import { AppError, asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { releaseCode } from "../lib/resident.ts";
import { sleep } from "../lib/wait.ts";
import { DAEMON_READY_MS, STOP_GRACE_MS } from "../lifecycle/roles.ts";
import { startBackground } from "../process/background.ts";
import { Claim } from "../process/claim.ts";
import { runningAs } from "../process/holder.ts";
import type { ProcessId } from "../process/identity.ts";
import { endOrphanedClients, killWithClients, terminate } from "../process/terminate.ts";
import type { RestartPolicy } from "../supervise/restarts.ts";
import { adoptedProcess, childProcess, howItEnded, type MainProcess } from "./main-process.ts";
import { type SupervisorState, transition, type WatchdogAction, type WatchdogEvent } from "./policy.ts";
import { StatusFile } from "./status.ts";

/** What a watchdog is started with. */
export interface WatchdogOptions {
  paths: StatePaths;
  /** the arguments of the daemon it runs, after `daemon run` */
  daemonArgs: string[];
  /** watch over the daemon that runs already, whose watchdog was killed */
  adopt: boolean;
  log: Log;
  policy: RestartPolicy;
  /** called once, when the daemon serves for the first time */
  onReady(): void;
  /** aborted to stop it and its daemon */
  stop: AbortSignal;
  /** aborted to stop it alone */
  release: AbortSignal;
}

const LOOK_MS = 1000;
/** So long after its start it does no more than look. */
const RESTING_MS = 5000;

/**
 * Runs the daemon as a child and restarts it when it crashes or hangs, until it ends by itself or is told to. Returns
 * the exit code: 0 for that, 1 after giving up, or when the state folder was taken away for good. Throws
 * ERR_DAEMON_RUNNING, and whatever keeps the daemon from its first start: trying again would not help. What it does
 * about what happens is in policy.ts.
 */
export class Watchdog {
  private claim: Claim;
  // read now: a mistake in it is to be told by the start, not by a crash later
  private readonly heartbeatMaxAgeS = config.heartbeatMaxAgeS;
  private main: MainProcess | undefined;
  private supervisor: SupervisorState;
  private readonly status: StatusFile;
  private hasServed = false;
  /** aborted when the watchdog is told something; and that, or when the daemon ends */
  private readonly news: AbortSignal;
  private change: AbortSignal;
  private ending: WatchdogEvent | undefined;
  /** when the last heartbeat that was seen was written (ms of performance.now()) */
  private freshAt = performance.now();
  private complaint: string | undefined;

  /** Takes the role of watchdog. Throws ERR_DAEMON_RUNNING, ERR_UNSAFE_STATE_DIR. */
  constructor(private readonly options: WatchdogOptions) {
    ensureStateDir(options.paths);
    this.news = AbortSignal.any([options.stop, options.release]);
    this.change = this.news;
    this.claim = this.takeClaim();
    this.status = new StatusFile(options.paths.watchdogStatus, options.log);
    options.stop.addEventListener("abort", () => this.status.note({ state: "stopping" }, { sync: false }));
    // how often a watchdog that was killed restarted the daemon counts on
    this.supervisor = { phase: "starting", restarts: this.status.current.restarts, stale: 0 };
  }

  /** Supervises until the end; see the class. */
  async run(): Promise<number> {
    const resting = setTimeout(releaseCode, RESTING_MS);
    try {
      let action: WatchdogAction = { kind: "start" };
      for (;;) {
        const event: WatchdogEvent | number = await this.perform(action);
        if (typeof event === "number") return event;
        [this.supervisor, action] = transition(this.supervisor, event, nowMs(), this.options.policy);
      }
    } finally {
      clearTimeout(resting);
      this.claim.release();
    }
  }

  /** Does what the policy says; returns what happened then, or the exit code. */
  private async perform(action: WatchdogAction): Promise<WatchdogEvent | number> {
    const { log, policy } = this.options;
    switch (action.kind) {
      case "start":
        return this.options.adopt && !this.hasServed ? this.adoptDaemon() : this.startDaemon();
      case "watch":
        return this.watch();
      case "kill":
        return this.kill(action.how);
      case "wait": {
        const { ms, attempt, how } = action;
        endOrphanedClients(this.options.paths.dir);
        log.warn(`the daemon ${how}; restart ${attempt} of ${policy.limit} in ${ms / 1000} s`);
        this.note({
          state: "waiting",
          daemon_pid: null,
          last_exit: how,
          total_restarts: this.status.current.total_restarts + 1,
          next_restart_at: Date.now() + ms,
        });
        await sleep(ms, this.news);
        return this.told() ?? { kind: "due" };
      }
      case "give-up": {
        const { restarts, how } = action;
        endOrphanedClients(this.options.paths.dir);
        log.error(`the daemon ${how}; giving up after ${restarts} restarts within ${policy.windowMs / 1000} s`);
        this.note({ state: "gave-up", daemon_pid: null, last_exit: how });
        return 1;
      }
      case "end":
        if (action.daemon === "stop" && this.main) await terminate(this.main.id, STOP_GRACE_MS);
        // or it would start another watchdog
        if (action.daemon === "leave") await requestRelease(this.options.paths.daemonSocket).catch(() => {});
        log.info(END_WORDS[action.daemon]);
        this.status.remove();
        return action.exitCode;
    }
  }

  /** Kills the daemon, which hangs. One that cannot be killed goes on hanging, and is killed again later. */
  private async kill(how: string): Promise<WatchdogEvent> {
    try {
      if (this.main) await killWithClients(this.main.id);
      return { kind: "crashed", how };
    } catch (thrown) {
      this.options.log.error(asError(thrown).message);
      return { kind: "stale", ageS: this.heartbeatMaxAgeS };
    }
  }

  /** Starts the daemon; when it does not start, nothing of it is left. The first time, that is thrown. */
  private async startDaemon(): Promise<WatchdogEvent> {
    const { paths, daemonArgs, log } = this.options;
    try {
      ensureStateDir(paths);
      const { process: child, id } = await startBackground({
        args: ["daemon", "run", ...daemonArgs, "--supervised"],
        log: paths.daemonLog,
        timeoutMs: DAEMON_READY_MS,
        signal: this.news,
      });
      log.info(`daemon ${child.pid} is ready`);
      this.serving(childProcess(child, id, paths));
      return { kind: "ready" };
    } catch (thrown) {
      const told = this.told();
      if (told) return told;
      if (!this.hasServed) throw thrown;
      const other = isRunning(thrown) && runningAs("daemon", paths.daemonLock);
      if (other) return this.takeOver(other, `daemon ${other.pid} was started meanwhile; this watchdog takes it over`);
      return { kind: "crashed", how: `did not start: ${asError(thrown).message}` };
    }
  }

  /** Takes over a daemon whose watchdog was killed. */
  private adoptDaemon(): WatchdogEvent {
    const { paths } = this.options;
    const id = runningAs("daemon", paths.daemonLock);
    if (!id) {
      this.hasServed = true;
      this.options.onReady();
      return howItEnded(paths);
    }
    return this.takeOver(id, `the watchdog of daemon ${id.pid} was killed; this one takes over`);
  }

  private takeOver(id: ProcessId, why: string): WatchdogEvent {
    this.options.log.warn(why);
    this.serving(adoptedProcess(id, this.options.paths));
    return { kind: "ready" };
  }

  private serving(main: MainProcess): void {
    this.main = main;
    this.ending = undefined;
    this.freshAt = performance.now();
    const ended = new AbortController();
    // once, and not in each look: whoever waits for a promise is kept for as long as it is pending
    void main.ended.then((event) => {
      this.ending = event;
      ended.abort();
    });
    this.change = AbortSignal.any([this.news, ended.signal]);
    this.note({ state: "running", daemon_pid: main.id.pid, next_restart_at: null });
    if (!this.hasServed) this.options.onReady();
    this.hasServed = true;
  }

  /** Waits until the daemon ends, or it is time to look at its heartbeat, or the watchdog is told something. */
  private async watch(): Promise<WatchdogEvent> {
    const { main } = this;
    if (!main) throw new Error("there is no daemon to watch");
    await sleep(LOOK_MS, this.change);
    return this.ending ?? this.told() ?? this.look(main);
  }

  private look({ id }: MainProcess): WatchdogEvent {
    const { log, paths } = this.options;
    if (!this.keepClaim()) {
      try {
        this.reclaim();
      } catch (thrown) {
        const why = asError(thrown).message;
        log.error(`the state folder cannot be taken back: ${why}; ending, and the daemon with it`);
        return { kind: "evicted", why };
      }
    }
    // a heartbeat that is missing, or no such thing, ages from the last one that was seen
    const ageS = readHeartbeatAge(paths.heartbeat, id.pid) ?? (performance.now() - this.freshAt) / 1000;
    if (ageS > this.heartbeatMaxAgeS) return { kind: "stale", ageS };
    this.freshAt = Math.max(this.freshAt, performance.now() - ageS * 1000);
    return { kind: "fresh" };
  }

  /** Whether the state folder is still ours. A disk that is full, say, is no reason to give it up. */
  private keepClaim(): boolean {
    try {
      if (!this.claim.isIntact()) return false;
      this.claim.repair();
      this.complaint = undefined;
    } catch (thrown) {
      const { message } = asError(thrown);
      if (message !== this.complaint) this.options.log.error(`the watchdog's files cannot be kept: ${message}`);
      this.complaint = message;
    }
    return true;
  }

  /** What the watchdog was told, if it was. */
  private told(): WatchdogEvent | undefined {
    const { stop, release } = this.options;
    if (stop.aborted) return { kind: "stop" };
    return release.aborted ? { kind: "release" } : undefined;
  }

  private takeClaim(): Claim {
    const { paths } = this.options;
    return Claim.take("watchdog", { lock: paths.watchdogLock, pid: paths.watchdogPid }, this.options.daemonArgs);
  }

  private reclaim(): void {
    this.options.log.warn("the state folder was deleted; making it again");
    ensureStateDir(this.options.paths);
    this.claim.forsake();
    this.claim = this.takeClaim();
    this.note({});
  }

  private note(change: Parameters<StatusFile["note"]>[0]): void {
    this.status.note({ restarts: [...this.supervisor.restarts], ...change });
  }
}

/** Whether a daemon did not start since another one runs. */
function isRunning(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === "ERR_DAEMON_RUNNING";
}

const END_WORDS = {
  "is-gone": "the daemon has ended; so does the watchdog",
  stop: "stopped, and the daemon with it",
  leave: "stopped; the daemon goes on without a watchdog",
};

/** Ms of a clock that no one sets, and that is the same for all processes until the machine starts again. */
function nowMs(): number {
  const uptime = uptimeS();
  return uptime === undefined ? Date.now() : uptime * 1000;
}
