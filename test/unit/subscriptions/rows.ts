import type { Subscription } from "../../../src/store/subscriptions.ts";
import type { Interest } from "../../../src/subscriptions/interest.ts";
import { type TypeName, typeNamed } from "../../../src/subscriptions/table.ts";
import type { Firing } from "../../../src/subscriptions/type.ts";

/** A subscription to pane %0, as the database has it. */
export function row(type: TypeName, more: Partial<Subscription> = {}): Subscription {
  const place = { server: "1:1", session: "dev", session_id: "$0", pane: "%0", pane_id: "0", label: "" };
  const detail = { pattern: null, deadline: null, seconds: null, progress: null };
  const rest = { callback: null, cwd: null, once: 0, fired: 0, created_at: 1, owner: null } as const;
  return { id: 1, type, ...place, ...detail, ...rest, ...more };
}

/** A firing, as it is written: with what its progress is then. */
export type Fired = Omit<Firing, "progress"> & { progress: string | undefined };

/** The interest that a subscription takes in its pane; what it fires for, and how far it gets without, is collected. */
export function interestOf(
  subscription: Subscription,
  told: { fired?: (fired: Fired) => void; progressed?: (progress: string) => void } = {},
): Interest {
  const fires = typeNamed(subscription.type)?.fires;
  if (fires?.by !== "output") throw new Error(`${subscription.type} is not for output`);
  const fire = ({ progress, ...firing }: Firing) => told.fired?.({ ...firing, progress: progress?.() });
  return { id: subscription.id, ...fires.interest(subscription, { fire, progressed: told.progressed ?? (() => {}) }) };
}
