import { BelievedClock } from "../lib/believed-clock.ts";
import { DAY_MS } from "../lib/clock.ts";
import type { Subscription } from "../store/subscriptions.ts";

/** For so long the clock must have been ahead before deadlines that have passed only by that fire, seconds. */
const PATIENCE_S = 120;

/** Fires subscriptions at their deadlines, which are times of the clock and not durations. */
export class Deadlines {
  private timer: Timer | undefined;
  private pending: Subscription[] = [];

  constructor(
    private readonly fire: (subscription: Subscription) => void,
    private readonly clock = new BelievedClock(PATIENCE_S),
  ) {}

  /** Waits for the deadlines of exactly these, and fires at once those that have passed. */
  set(subscriptions: Iterable<Subscription>): void {
    this.pending = [...subscriptions].filter(({ deadline }) => deadline !== null);
    this.check();
  }

  /** Fires the deadlines that have passed. To be called now and then, since a timer does not know that a clock was set. */
  check(): void {
    if (this.pending.length === 0) return;
    const { ms: told, believed } = this.clock.read();
    // one that was made by a clock that is ahead is told by that clock
    const left = ({ deadline, created_at }: Subscription) =>
      (deadline ?? Number.POSITIVE_INFINITY) - (created_at > believed ? told : believed);
    const due = this.pending.filter((subscription) => left(subscription) <= 0);
    this.pending = this.pending.filter((subscription) => !due.includes(subscription));
    for (const subscription of due) this.fire(subscription);
    clearTimeout(this.timer);
    const next = Math.min(...this.pending.map(left));
    if (next === Number.POSITIVE_INFINITY) return;
    // a timer holds 31 bits of milliseconds: a day at most, then look again
    this.timer = setTimeout(() => this.check(), Math.min(Math.max(0, next), DAY_MS));
  }

  /** Waits for nothing any more. */
  close(): void {
    this.pending = [];
    clearTimeout(this.timer);
  }
}
