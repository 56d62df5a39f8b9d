import type { Subscription } from "../store/subscriptions.ts";

const DAY_MS = 86_400_000;

/** Fires subscriptions at their deadlines, which are times of the clock and not durations. */
export class Deadlines {
  private timer: Timer | undefined;
  private pending: Subscription[] = [];

  constructor(private readonly fire: (subscription: Subscription) => void) {}

  /** Waits for the deadlines of exactly these, and fires at once those that have passed. */
  set(subscriptions: Iterable<Subscription>): void {
    this.pending = [...subscriptions].filter(({ deadline }) => deadline !== null);
    this.check();
  }

  /** Fires the deadlines that have passed. To be called now and then, since a timer does not know that a clock was set. */
  check(): void {
    if (this.pending.length === 0) return;
    const isDue = ({ deadline }: Subscription) => deadline !== null && deadline <= Date.now();
    const due = this.pending.filter(isDue);
    this.pending = this.pending.filter((subscription) => !due.includes(subscription));
    for (const subscription of due) this.fire(subscription);
    clearTimeout(this.timer);
    const next = Math.min(...this.pending.map(({ deadline }) => deadline ?? Number.POSITIVE_INFINITY));
    if (next === Number.POSITIVE_INFINITY) return;
    // a timer holds 31 bits of milliseconds: a day at most, then look again
    this.timer = setTimeout(() => this.check(), Math.min(Math.max(0, next - Date.now()), DAY_MS));
  }

  /** Waits for nothing any more. */
  close(): void {
    this.pending = [];
    clearTimeout(this.timer);
  }
}
