import { asError } from "../lib/errors.ts";
import type { EventRecord, NewEvent } from "../store/events.ts";

const WAITING_MAX = 10_000;

/** Writes events to the log of events, in order. What can't be written now, on a full disk say, waits and is retried. */
export class EventWriter {
  private waiting: { events: NewEvent[]; insert: () => EventRecord[] }[] = [];
  private complaint: string | undefined;

  /** @param onEvent called for each event once it is written */
  constructor(
    private readonly log: { info(line: string): void; error(line: string): void },
    private readonly onEvent: (event: EventRecord) => void,
  ) {}

  /** How many wait, because they can't be written now. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Writes events by `insert`, all of them or none, behind those that wait already. */
  write(events: NewEvent[], insert: () => EventRecord[]): void {
    // however long it waits
    for (const event of events) event.at ??= Date.now();
    this.waiting.push({ events, insert });
    if (this.waiting.length === 1) this.retry();
    if (this.waiting.length <= WAITING_MAX) return;
    for (const lost of this.waiting.shift()?.events ?? []) {
      this.log.error(`event lost, ${lost.event_type} in ${lost.session} ${lost.pane}: too many wait for the disk`);
    }
  }

  /** Writes what waits, as far as that works. */
  retry(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      let records: EventRecord[];
      try {
        records = next.insert();
      } catch (thrown) {
        this.complain(asError(thrown).message);
        return;
      }
      this.waiting.shift();
      this.complaint = undefined;
      // the callbacks first: the log can wait
      for (const record of records) this.onEvent(record);
      for (const { seq, event_type, session, pane } of records) {
        this.log.info(`event ${seq}: ${event_type} in ${session} ${pane}`);
      }
    }
  }

  /** Says once, and not at every attempt, that events cannot be written. */
  private complain(why: string): void {
    if (this.complaint === why) return;
    this.complaint = why;
    this.log.error(`events cannot be written, and wait: ${why}`);
  }
}
