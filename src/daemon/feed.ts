import type { Store } from "../store/database.ts";
import { type EventRecord, readEvents } from "../store/events.ts";

/** Hands the event log, and then every new event, to those who follow it. */
export class EventFeed {
  private readonly followers = new Set<(event: EventRecord) => void>();
  private readonly ends = new Set<() => void>();

  constructor(private readonly store: Store) {}

  /** Tells every follower of an event that has been written to the log. */
  publish(event: EventRecord): void {
    for (const follower of this.followers) follower(event);
  }

  /** Events after `since` as lines of JSON, of one `session` or `type` if given, until the signal is aborted. */
  stream(query: URLSearchParams, signal: AbortSignal): ReadableStream<Uint8Array> {
    const session = query.get("session") ?? undefined;
    const type = query.get("type") ?? undefined;
    const since = query.has("since") ? Number(query.get("since")) : undefined;
    const encoder = new TextEncoder();
    let stop = () => {};
    return new ReadableStream({
      start: (controller) => {
        const send = (event: EventRecord) => controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
        const follower = (event: EventRecord) => {
          if ((session === undefined || event.session === session) && (type === undefined || event.event_type === type))
            send(event);
        };
        stop = () => {
          this.ends.delete(end);
          this.followers.delete(follower);
        };
        const end = () => {
          stop();
          controller.close();
        };
        // a first, empty line: the answer's headers go out now and not with the first event
        controller.enqueue(encoder.encode("\n"));
        if (since !== undefined) for (const event of readEvents(this.store, { session, type, since })) send(event);
        this.followers.add(follower);
        this.ends.add(end);
        signal.addEventListener("abort", stop);
      },
      cancel: () => stop(),
    });
  }

  /** Ends every stream. */
  close(): void {
    for (const end of [...this.ends]) end();
  }
}
