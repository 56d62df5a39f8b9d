import type { Listener } from "./interest.ts";
import { subscriptionType } from "./type.ts";

/** Times in which a pane writes nothing. */
export const silence = subscriptionType({
  name: "silence",
  pane: "required",
  details: { seconds: { kind: "seconds" } },
  help: "no output for so long; again after the next output",
  read: ({ seconds }) => ({ seconds }),
  fires: {
    by: "output",
    interest({ seconds, progress: before, created_at }, { fire }) {
      const fell = () => {
        const progress = JSON.stringify({ fired_at: Date.now() });
        fire({ message: `no output for ${seconds} s`, about: { seconds }, progress: () => progress });
      };
      return {
        listen({ activityAt }) {
          const since = Math.max(created_at, activityAt);
          const quietMs = Math.max(0, Date.now() - since);
          return new Silence(seconds ?? 0, fell, quietMs, firedAt(before) >= since);
        },
      };
    },
  },
});

/** Fires once for each time in which a pane writes nothing for so many seconds. */
export class Silence implements Listener, Disposable {
  private timer: Timer | undefined;
  /** when it last wrote (ms of performance.now()) */
  private lastAt: number;
  private hasFired = false;
  /** when the timer is due (ms of performance.now()) */
  private dueAt = Number.POSITIVE_INFINITY;

  /**
   * @param quietMs how long it has been silent already
   * @param hasFired whether it has fired for that silence
   */
  constructor(
    readonly seconds: number,
    private readonly fire: () => void,
    quietMs: number,
    hasFired: boolean,
  ) {
    this.lastAt = performance.now() - quietMs;
    this.hasFired = hasFired;
    this.wait();
  }

  /** The pane has written. */
  wrote(): void {
    this.lastAt = performance.now();
    // a timer that runs looks again when it is due: setting one for each piece of output would cost more than the output
    if (!this.hasFired) return;
    this.hasFired = false;
    this.wait();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
  }

  private wait(): void {
    if (this.hasFired) return;
    const now = performance.now();
    const left = this.lastAt + this.seconds * 1000 - now;
    // a timer that is late tells that this process was held up: what the pane wrote meanwhile has not been read yet
    if (left > 0 || now - this.dueAt > LATE_MS) {
      const delay = left > 0 ? Math.min(left, TIMER_MAX_MS) : CATCH_UP_MS;
      this.dueAt = now + delay;
      this.timer = setTimeout(() => this.wait(), delay);
    } else {
      this.hasFired = true;
      this.dueAt = Number.POSITIVE_INFINITY;
      this.fire();
    }
  }
}

const LATE_MS = 100;
const CATCH_UP_MS = 250;

/** When a silence fired last (ms since the epoch), by its progress; 0 when it never has, or that can't be read. Pure. */
export function firedAt(progress: string | null): number {
  if (progress === null) return 0;
  try {
    return Number(JSON.parse(progress)?.fired_at) || 0;
  } catch {
    return 0;
  }
}

// a timer holds 31 bits of milliseconds
const TIMER_MAX_MS = 86_400_000;
