import { asError } from "../lib/errors.ts";
import { isDamage } from "../store/database.ts";

/** Something that a daemon does now and then, and how it ends. */
export interface Part {
  /** what the daemon can't do when it fails, in words: "the daemon cannot …" */
  what: string;
  /** how often, ms; at each tick of the daemon unless said otherwise */
  everyMs?: number;
  /** how long to wait until the first time, ms; as long as between two unless said otherwise */
  afterMs?: number;
  tick?(): void;
  close?(): void | Promise<void>;
}

/** The parts of a daemon. The failure of one is no reason to leave the others. */
export class Parts implements AsyncDisposable {
  private ticks = 0;
  /** those that do something now and then, each with the tick of its first time and how many there are between two */
  private readonly due: { part: Part; tick(): void; first: number; every: number }[] = [];
  /** what could not be done at the last attempt, and why */
  private readonly complaints = new Map<string, string>();

  /**
   * @param tickMs how long it is between two ticks
   * @param onDamage called when the state database turns out to be damaged
   */
  constructor(
    private readonly parts: readonly Part[],
    private readonly options: { log: { error(text: string): void }; tickMs: number; onDamage(reason: string): void },
  ) {
    const { tickMs } = options;
    const inTicks = (ms: number) => Math.max(1, Math.round(ms / tickMs));
    for (const part of parts) {
      const { everyMs = tickMs, afterMs = everyMs } = part;
      if (part.tick) this.due.push({ part, tick: part.tick, first: inTicks(afterMs), every: inTicks(everyMs) });
    }
  }

  /** Does what is due, in order. Time is counted in ticks: a clock that is set changes nothing. */
  tick(): void {
    this.ticks++;
    for (const { part, tick, first, every } of this.due) {
      if (this.ticks >= first && (this.ticks - first) % every === 0) this.attempt(part.what, tick);
    }
  }

  /** Ends them one after the other, the last first, also when one of them fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.parts.toReversed()) {
      try {
        await part.close?.();
      } catch (thrown) {
        this.options.log.error(`the daemon cannot ${part.what} to the end: ${asError(thrown).message}`);
      }
    }
  }

  /** Does something that may fail; why it did is logged once, and not at each tick. */
  attempt(what: string, run: () => void): void {
    try {
      run();
      if (this.complaints.size > 0) this.complaints.delete(what);
    } catch (thrown) {
      const { message } = asError(thrown);
      if (isDamage(thrown)) this.options.onDamage(message);
      if (this.complaints.get(what) !== message) this.options.log.error(`the daemon cannot ${what}: ${message}`);
      this.complaints.set(what, message);
    }
  }
}
