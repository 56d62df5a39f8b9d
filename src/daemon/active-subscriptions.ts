import type { Store } from "../store/database.ts";
import type { FiredSubscription } from "../store/events.ts";
import { activeSubscriptions, endSubscription, type Subscription, saveNames } from "../store/subscriptions.ts";
import type { PlacedPane } from "../tmux/panes.ts";
import type { Change } from "./census.ts";
import { sessionOf } from "./panes-now.ts";

/** The subscriptions that the engine acts on: those of the database that have not ended. */
export class ActiveSubscriptions {
  private active = new Map<number, Subscription>();
  /** subscriptions that have ended, although the database may not know it yet */
  private spent = new Set<number>();

  constructor(private readonly store: Store) {}

  get size(): number {
    return this.active.size;
  }

  get(id: number): Subscription | undefined {
    return this.active.get(id);
  }

  values(): Iterable<Subscription> {
    return this.active.values();
  }

  /** Reads them from the database, those whose pane is gone among them: its end may be what they wait for. */
  read(): void {
    const stored = activeSubscriptions(this.store).map((subscription) => [subscription.id, subscription] as const);
    this.active = new Map(stored.filter(([id]) => !this.spent.has(id)));
    this.spent = new Set(stored.map(([id]) => id).filter((id) => this.spent.has(id)));
  }

  /**
   * Ends those whose pane or session is not among all that there are, and notes what the others' are called now. With
   * `limit`, the id of a session, those of other sessions are left to the daemon of these.
   */
  place(panes: readonly PlacedPane[], limit: string | undefined): void {
    for (const subscription of [...this.active.values()]) {
      const { id, pane } = subscription;
      const where = sessionOf(subscription, panes);
      if (where === undefined) this.end(subscription, pane === "" ? "its session is gone" : "its pane is gone");
      else if (limit !== undefined && limit !== where) this.active.delete(id);
      else this.active.set(id, { ...this.named(subscription, panes, where), session_id: where });
    }
  }

  /** Those that a change fires; the ones that fire once are spent by it. */
  fire({ event, server, sessionIds }: Change): FiredSubscription[] {
    const fired = [...this.active.values()].filter(
      (subscription) =>
        subscription.type === event.event_type &&
        subscription.server === server &&
        (subscription.pane === "" ? sessionIds.includes(subscription.session_id) : subscription.pane === event.pane),
    );
    for (const subscription of fired) if (subscription.once) this.spend(subscription);
    return fired.map((subscription) => ({ subscription }));
  }

  /** Takes out one that was to fire once, and has; the database is told with the event. */
  spend({ id }: Subscription): void {
    this.active.delete(id);
    this.spent.add(id);
  }

  private end({ id }: Subscription, reason: string): void {
    this.active.delete(id);
    endSubscription(this.store, id, reason);
  }

  /** The subscription with the names that its session, which is `where`, and its pane have now. */
  private named(subscription: Subscription, panes: readonly PlacedPane[], where: string): Subscription {
    const { id, server, pane } = subscription;
    const place = panes.find(
      (each) => each.server === server && each.sessionId === where && (pane === "" || each.id === pane),
    );
    if (!place) return subscription;
    const isPane = pane !== "";
    const names = { session: place.session, pane_id: isPane ? place.paneId : "", label: isPane ? place.label : "" };
    const isOld =
      names.session !== subscription.session ||
      names.pane_id !== subscription.pane_id ||
      names.label !== subscription.label;
    if (isOld) saveNames(this.store, id, names);
    return { ...subscription, ...names };
  }
}
