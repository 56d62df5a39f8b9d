import { AppError, asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { within } from "../lib/wait.ts";

const GRACE_MS = 1000;
const AGAIN_MS = 2000;
const STARTING_MS = 3000;

/**
 * What a daemon that has a watchdog does for it: a watchdog stays connected, and when the connection ends because it was
 * killed, another one is started. It takes over this very daemon, which does not stop for it.
 */
export class Supervision {
  private ties = 0;
  private starting: Promise<void> | undefined;
  /** when there is to be a watchdog (ms of performance.now()) */
  private dueAt = performance.now() + GRACE_MS;

  /**
   * @param startWatchdog starts one; returns when it watches
   * @param isWanted whether there is one to begin with; later, whether there was
   */
  constructor(
    private readonly startWatchdog: () => Promise<void>,
    private isWanted: boolean,
    private readonly log: Log,
  ) {}

  /** A watchdog is there until the signal is aborted. */
  tie(signal: AbortSignal): void {
    this.ties++;
    this.isWanted = true;
    signal.addEventListener("abort", () => {
      this.ties--;
      this.dueAt = performance.now() + GRACE_MS;
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
    if (!this.isWanted || this.ties > 0 || this.starting || performance.now() < this.dueAt) return;
    this.starting = this.startWatchdog()
      .then(() => this.log.warn("the watchdog was killed; another one has taken over"))
      .catch((thrown) => {
        // one that runs, and is not connected yet
        if (thrown instanceof AppError && thrown.code === "ERR_DAEMON_RUNNING") return;
        this.log.error(`the watchdog was killed, and another cannot be started: ${asError(thrown).message}`);
      })
      .finally(() => {
        this.starting = undefined;
        this.dueAt = performance.now() + AGAIN_MS;
      });
  }
}
