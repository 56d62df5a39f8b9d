import { config } from "../lib/config.ts";
import { isBacklogged } from "../store/callbacks.ts";
import type { Store } from "../store/database.ts";
import { recordEvent } from "../store/events.ts";
import type { Firing } from "../subscriptions/type.ts";
import type { ActiveSubscriptions } from "./active-subscriptions.ts";
import { paneEvent } from "./census.ts";
import type { EventWriter } from "./event-writer.ts";
import { FiringRate, type Pace, type Summed } from "./firing-rate.ts";

/** What Firings asks of its owner. */
interface FiringsOptions {
  /** a subscription that fires once has fired */
  spent(): void;
}

const MESSAGE_MAX = 500;
/** When so many events wait for the disk, or so many callbacks of one subscription for their turn, firings are summed up. */
const WAITING_MAX = 1000;
/** How long, when callbacks wait: of slow ones, more than one a minute would never be done with. */
const BACKLOG_MS = 60_000;

/**
 * Makes events of what subscriptions fire for, and their callbacks. However often they fire, events, callbacks
 * and memory are bounded. How far a pane has been dealt with is written with each event and no sooner, so what was only
 * counted when the daemon died is found again.
 */
export class Firings {
  private readonly rate: FiringRate<Firing>;
  // read now: a mistake in it is to be told by the start, not by the first event
  private readonly eventsPerS = config.eventsPerS;

  constructor(
    private readonly store: Store,
    private readonly writer: EventWriter,
    private readonly subscriptions: ActiveSubscriptions,
    private readonly options: FiringsOptions,
  ) {
    this.rate = new FiringRate({
      pace: (id) => this.pace(id),
      isHeld: () => this.writer.waitingCount >= WAITING_MAX,
      write: (id, summed) => this.write(id, summed),
    });
  }

  /** Fires a subscription, within its pace; one that fires once does so at once. */
  fire(id: number, firing: Firing): void {
    const subscription = this.subscriptions.get(id);
    if (!subscription) return;
    if (!subscription.once) {
      this.rate.fire(id, firing);
      return;
    }
    this.write(id, { first: firing, last: firing, count: 1 });
    this.subscriptions.spend(subscription);
    this.options.spent();
  }

  /**
   * Writes what is only counted so far, of one subscription or of all: to be called before anybody goes on from what the
   * database holds, or writes there how far a pane has been dealt with.
   */
  flush(id?: number): void {
    this.rate.flush(id);
  }

  /** Writes it, and waits for nothing any more. */
  close(): void {
    this.rate.close();
  }

  /** How often a subscription may fire now. */
  private pace(id: number): Pace {
    const usual = { limit: this.eventsPerS, windowMs: 1000 };
    try {
      const hasCallback = typeof this.subscriptions.get(id)?.callback === "string";
      const isBehind = hasCallback && isBacklogged(this.store, id, WAITING_MAX);
      return isBehind ? { limit: 0, windowMs: BACKLOG_MS } : usual;
    } catch {
      return usual; // a database that can't be read tells nothing
    }
  }

  private write(id: number, { first, last, count }: Summed<Firing>): void {
    const subscription = this.subscriptions.get(id);
    if (!subscription) return;
    const { type, session, pane, pane_id: paneId, label } = subscription;
    const more = count === 1 ? "" : ` (and ${count - 1} more)`;
    const message = `${first.message.slice(0, MESSAGE_MAX)}${more}`;
    const event = paneEvent(type, { session, id: pane, paneId, label }, message);
    event.data = { subscription: id, ...first.about, ...first.details, ...(count === 1 ? {} : summary(last, count)) };
    const progress = last.progress?.();
    this.writer.write([event], () => [recordEvent(this.store, event, [{ subscription, progress, count }])]);
  }
}

/** What an event that stands for several says beyond the first of them: how many, and the last one's details. */
function summary({ details = {} }: Firing, count: number): Record<string, unknown> {
  const last = Object.entries(details).map(([key, value]) => [`last_${key}`, value]);
  return { count, ...Object.fromEntries(last) };
}
