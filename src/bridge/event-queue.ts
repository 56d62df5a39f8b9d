import type { PaneEvent } from "./pane-event.ts";

/** How far the pane may run ahead of the reader: with a pipe that nobody reads, what it writes is missed. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Events on their way from a pane to whoever listens: bounded, in order, with an end by failure. */
export class EventQueue {
  private events: PaneEvent[] = [];
  private bytes = 0;
  private failure: unknown;
  private wake: (() => void) | undefined;
  private drained: (() => void) | undefined;
  private isOpen = true;

  /** Takes an event, for next() to give. */
  add(event: PaneEvent): void {
    if (!this.isOpen) return;
    this.events.push(event);
    this.bytes += sizeOf(event);
    this.wake?.();
  }

  /** Lets next() throw this once what came before has been taken. */
  fail(thrown: unknown): void {
    this.failure ??= thrown;
    this.wake?.();
  }

  /** Lets next() throw this now; nothing more is taken. */
  abort(thrown: unknown): void {
    this.close();
    this.events = [];
    this.fail(thrown);
  }

  /** Takes nothing more, and holds nobody up. */
  close(): void {
    this.isOpen = false;
    this.release();
  }

  /** Resolves when there is room for more. */
  room(): Promise<void> {
    if (this.bytes < MAX_BYTES || !this.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      this.drained = resolve;
    });
  }

  /** The next event; undefined when none comes before the deadline (ms of performance.now()). Throws the failure. */
  async next(deadline: number): Promise<PaneEvent | undefined> {
    for (;;) {
      // first of all: under a flood there is always an event
      if (performance.now() >= deadline) return undefined;
      const event = this.events.shift();
      if (event) {
        this.bytes -= sizeOf(event);
        if (this.bytes < MAX_BYTES) this.release();
        return event;
      }
      if (this.failure !== undefined) throw this.failure;
      await this.news(deadline - performance.now());
    }
  }

  /** Lets the writer go on. */
  private release(): void {
    this.drained?.();
  }

  private news(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, Math.min(ms, TIMER_MAX_MS)) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }
}

// a longer timer would overflow its 31 bits and fire at once
const TIMER_MAX_MS = 2 ** 31 - 1;

function sizeOf(event: PaneEvent): number {
  return event.type === "data" ? event.data.length : 0;
}
