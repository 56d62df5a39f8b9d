/** How many events a subscription may have within how many ms before the rest of them is summed up in one. */
export interface Pace {
  limit: number;
  windowMs: number;
}

/** So many firings in a row as one: the first, the last, and how many there are in all. */
export interface Summed<F> {
  first: F;
  last: F;
  count: number;
}

/** What a FiringRate asks of its owner. */
export interface RateOptions<F> {
  /** asked when a subscription begins to fire, and then once for each of its windows */
  pace(subscription: number): Pace;
  /** whether nothing more is to be written now: all is summed up then, for as long as that lasts */
  isHeld(): boolean;
  /** writes one event; none is kept back or written twice, so that all counts together are exact */
  write(subscription: number, summed: Summed<F>): void;
}

interface Window<F> {
  endsAt: number;
  left: number;
  summed: Summed<F> | undefined;
  timer: Timer | undefined;
}

const HELD_MS = 1000;

/**
 * Bounds how many events subscriptions make, however often they fire: beyond its pace, all that a subscription fires for
 * in the rest of a window becomes one event at the window's end.
 */
export class FiringRate<F> {
  private readonly windows = new Map<number, Window<F>>();

  /** @param now a clock that does not jump, ms */
  constructor(
    private readonly options: RateOptions<F>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes one firing: it is written at once, or with the sum. */
  fire(subscription: number, firing: F): void {
    const window = this.windowOf(subscription);
    if (window.left > 0 && !window.summed && !this.options.isHeld()) {
      window.left--;
      this.options.write(subscription, { first: firing, last: firing, count: 1 });
      return;
    }
    const { first, count } = window.summed ?? { first: firing, count: 0 };
    window.summed = { first, last: firing, count: count + 1 };
    window.timer ??= setTimeout(() => this.due(subscription), Math.max(0, window.endsAt - this.now()));
  }

  /** Writes what has been summed up so far, of one subscription or of all, unless nothing is to be written. */
  flush(subscription?: number): void {
    if (this.options.isHeld()) return;
    const ids = subscription === undefined ? [...this.windows.keys()] : [subscription];
    for (const id of ids) {
      const window = this.windows.get(id);
      if (!window) continue;
      this.write(id, window);
      if (this.now() >= window.endsAt) this.windows.delete(id);
    }
  }

  /** Writes what has been summed up, and waits for nothing any more. */
  close(): void {
    for (const [id, window] of this.windows) this.write(id, window);
    this.windows.clear();
  }

  private windowOf(subscription: number): Window<F> {
    const before = this.windows.get(subscription);
    if (before && (before.summed || this.now() < before.endsAt)) return before;
    const { limit, windowMs } = this.options.pace(subscription);
    const window = { endsAt: this.now() + windowMs, left: limit, summed: undefined, timer: undefined };
    this.windows.set(subscription, window);
    return window;
  }

  private due(subscription: number): void {
    const window = this.windows.get(subscription);
    if (!window) return;
    window.timer = undefined;
    if (this.options.isHeld()) {
      window.timer = setTimeout(() => this.due(subscription), HELD_MS);
      return;
    }
    this.write(subscription, window);
    this.windows.delete(subscription);
  }

  private write(subscription: number, window: Window<F>): void {
    clearTimeout(window.timer);
    window.timer = undefined;
    const { summed } = window;
    window.summed = undefined;
    if (summed) this.options.write(subscription, summed);
  }
}
