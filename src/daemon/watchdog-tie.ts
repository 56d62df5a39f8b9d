import { AppError, asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { within } from "../lib/wait.ts";
import type { ProcessId } from "../process/process-table.ts";

const GRACE_MS = 1000;
const AGAIN_MS = 2000;
const STARTING_MS = 3000;
const LOOK_MS = 2000;

/** The watchdog of a daemon, as far as the daemon has to do with it. */
export interface WatchdogControl {
  /** starts one; returns when it watches */
  start(): Promise<void>;
  /** the one that runs, if it is stopped (SIGSTOP) */
  stopped(): ProcessId | undefined;
  /** ends it with SIGKILL */
  kill(id: ProcessId): void;
}

/**
 * What a daemon that has a watchdog does for it: a watchdog stays connected, and when the connection ends because it was
 * killed, another one is started. It takes over this very daemon, which does not stop for it. One that is stopped for
 * longer than a heartbeat may be old is killed, as it would do with its daemon, also before it has connected.
 */
export class WatchdogTie {
  private ties = 0;
  private starting: Promise<void> | undefined;
  /** when there is to be a watchdog (ms of performance.now()) */
  private dueAt: number;

  /** when to look again whether it is stopped, and since when it is (ms of performance.now()) */
  private lookAt = 0;
  private stoppedSince: number | undefined;

  /**
   * @param isWanted whether there is one to begin with; later, whether there was
   * @param stoppedMaxMs for how long it may be stopped
   * @param now a clock that no one sets, ms
   */
  constructor(
    private readonly watchdog: WatchdogControl,
    private isWanted: boolean,
    private readonly stoppedMaxMs: number,
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.dueAt = now() + GRACE_MS;
  }

  /** A watchdog is there until the signal is aborted. */
  tie(signal: AbortSignal): void {
    this.ties++;
    this.isWanted = true;
    signal.addEventListener("abort", () => {
      this.ties--;
      this.dueAt = this.now() + GRACE_MS;
    });
  }

  /** There is to be no watchdog any more: the one that leaves was told to. */
  release(): void {
    this.isWanted = false;
  }

  /** The daemon ends: a watchdog that is just being started is waited for, so that it learns of that. */
  async close(): Promise<void> {
    this.release();
    if (this.starting) await within(STARTING_MS, this.starting);
  }

  /** To be called twice a second. */
  tick(): void {
    if (!this.isWanted) return;
    // also when none is connected: one that was stopped before it came to that has the role, and nobody else can take it
    this.look();
    const isStopped = this.stoppedSince !== undefined;
    if (this.ties === 0 && !isStopped && !this.starting && this.now() >= this.dueAt) this.startAnother();
  }

  private startAnother(): void {
    this.starting = this.watchdog
      .start()
      .then(() => this.log.warn("the watchdog was killed; another one has taken over"))
      .catch((thrown) => {
        // one that runs, and is not connected yet
        if (thrown instanceof AppError && thrown.code === "ERR_DAEMON_RUNNING") return;
        this.log.error(`the watchdog was killed, and another cannot be started: ${asError(thrown).message}`);
      })
      .finally(() => {
        this.starting = undefined;
        this.dueAt = this.now() + AGAIN_MS;
      });
  }

  /** Now and then, looks whether the watchdog that there is has been stopped. */
  private look(): void {
    const now = this.now();
    if (now < this.lookAt) return;
    this.lookAt = now + LOOK_MS;
    const id = this.watchdog.stopped();
    this.stoppedSince = id && (this.stoppedSince ?? now);
    if (!id || this.stoppedSince === undefined || now - this.stoppedSince < this.stoppedMaxMs) return;
    this.log.warn(`the watchdog ${id.pid} is stopped; killing it, so that another one takes over`);
    this.stoppedSince = undefined;
    this.dueAt = now;
    this.watchdog.kill(id);
  }
}
