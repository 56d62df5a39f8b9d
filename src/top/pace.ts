import type { Row } from "./row.ts";

/** How often it is looked: while something changes, and when nothing has for a while, ms. */
const TICK_MS = 1000;
const QUIET_TICK_MS = 3000;
const QUIET_AFTER_TICKS = 5;

/** Says how long it is to the next look: longer where nothing changes. */
export class Pace {
  private quiet = 0;
  private before = "";

  /** How long to wait after a look that has found these panes, ms. */
  next(rows: readonly Row[]): number {
    // what they take, and since when, always changes
    const now = JSON.stringify(rows.map(({ id, state, for: wait, job, line }) => [id, state, wait, job, line]));
    this.quiet = now === this.before ? this.quiet + 1 : 0;
    this.before = now;
    return this.quiet < QUIET_AFTER_TICKS ? TICK_MS : QUIET_TICK_MS;
  }
}
