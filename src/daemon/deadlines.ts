import { BelievedClock } from "../lib/believed-clock.ts";
import { DAY_MS } from "../lib/clock.ts";

/** For so long the clock must have been ahead before deadlines that have come only by that pass, seconds. */
const PATIENCE_S = 120;

/** Something that is to be done at a time of the clock. */
export interface Deadline {
  /** ms since the epoch, as is when it was made */
  at: number;
  madeAt: number;
  pass(): void;
}

/** Has deadlines pass, which are times of the clock and not durations. */
export class Deadlines {
  private timer: Timer | undefined;
  private pending: readonly Deadline[] = [];

  constructor(private readonly clock = new BelievedClock(PATIENCE_S)) {}

  /** Waits for exactly these, and has those pass at once whose time has come. */
  set(deadlines: readonly Deadline[]): void {
    this.pending = deadlines;
    this.check();
  }

  /** Has those pass whose time has come. To be called now and then, since a timer does not know that a clock was set. */
  check(): void {
    if (this.pending.length === 0) return;
    const { ms: told, believed } = this.clock.read();
    // one that was made by a clock that is ahead is told by that clock
    const left = ({ at, madeAt }: Deadline) => at - (madeAt > believed ? told : believed);
    const due = this.pending.filter((deadline) => left(deadline) <= 0);
    this.pending = this.pending.filter((deadline) => !due.includes(deadline));
    for (const deadline of due) deadline.pass();
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
