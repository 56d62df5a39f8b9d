import type { PaneEvent } from "./pane-event.ts";

/** How far the pane may run ahead of the reader: with a pipe that nobody reads, what it writes is missed. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Data is taken in pieces of so many bytes, and what comes is read between them: a pipe is full after 1 MB. */
const PIECE_BYTES = 32 * 1024;
/** Whoever takes events without a pause leaves time to read after so many ms. */
const TURN_MS = 5;

/** Events on their way from a pane to whoever listens: bounded, in order, with an end by failure. */
export class EventQueue {
  private events: PaneEvent[] = [];
  private bytes = 0;
  private failure: unknown;
  private wake: (() => void) | undefined;
  private drained: (() => void) | undefined;
  private isOpen = true;
  /** when there was last time to read (ms of performance.now()) */
  private turnAt = 0;

  /** Takes an event, for next() to give. */
  add(event: PaneEvent): void {
    if (!this.isOpen) return;
    for (const piece of pieces(event)) this.events.push(piece);
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
      const now = performance.now();
      if (now >= deadline) return undefined;
      if (this.events.length > 0 && now - this.turnAt >= TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        this.turnAt = performance.now();
      }
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
      const timer = Number.isFinite(ms) ? setTimeout(resolve, Math.max(0, Math.min(ms, TIMER_MAX_MS))) : undefined;
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

function pieces(event: PaneEvent): PaneEvent[] {
  if (event.type !== "data" || event.data.length <= PIECE_BYTES) return [event];
  return Array.from({ length: Math.ceil(event.data.length / PIECE_BYTES) }, (_, i) => ({
    type: "data",
    data: event.data.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES),
  }));
}

function sizeOf(event: PaneEvent): number {
  return event.type === "data" ? event.data.length : 0;
}
