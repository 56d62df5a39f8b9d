import type { EventsQuery } from "../ipc/protocol.ts";
import type { Store } from "../store/database.ts";
import { lastSeq, nextEvents } from "../store/events.ts";

const BATCH = 200;

/** Hands the event log, and then every new event, to those who follow it. Nothing is kept for one who reads slowly. */
export class EventFeed {
  private readonly waiting = new Set<() => void>();
  private isClosed = false;

  constructor(private readonly store: Store) {}

  /** Tells every follower that something has been written to the log. */
  publish(): void {
    for (const wake of [...this.waiting]) wake();
  }

  /** Events after `since` as lines of JSON, of one `session` or `type` if given, until the signal is aborted. */
  stream({ session, type, since: after }: EventsQuery, signal: AbortSignal): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let since = after ?? lastSeq(this.store);
    let isOver = false;
    const next = async () => {
      while (!this.isClosed && !isOver && !signal.aborted) {
        const last = lastSeq(this.store);
        const events = nextEvents(this.store, { session, type, since, limit: BATCH });
        since = events.length < BATCH ? Math.max(last, since) : (events.at(-1)?.seq ?? last);
        if (events.length > 0) return events;
        await this.news(signal);
      }
      return undefined;
    };
    return new ReadableStream({
      // a first, empty line: the answer's headers go out now and not with the first event
      start: (controller) => controller.enqueue(encoder.encode("\n")),
      pull: async (controller) => {
        const events = await next();
        if (events) controller.enqueue(encoder.encode(events.map((event) => `${JSON.stringify(event)}\n`).join("")));
        else if (!isOver) controller.close();
      },
      cancel: () => {
        isOver = true;
        this.publish();
      },
    });
  }

  /** Ends every stream. */
  close(): void {
    this.isClosed = true;
    this.publish();
  }

  /** Resolves when something has been written, or the signal is aborted. */
  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}
