import type { NewSubscription } from "../store/subscriptions.ts";
import { typeNamed } from "../subscriptions/table.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Made } from "./arriving.ts";
import type { SubscriptionOf } from "./manifest.ts";
import type { Plan } from "./plan.ts";

/**
 * The subscriptions to it and to its panes, to be stored. May ask tmux.
 * @param name what it is called
 */
export function subscriptionsTo(
  server: TmuxServer,
  { sessionId, panes }: Made,
  { plan, name, now }: { plan: Plan; name: string; now: readonly Pane[] },
): NewSubscription[] {
  const place = { session: name, sessionId, serverId: now[0]?.server ?? "" };
  const ofSession = plan.subscriptions.map((one) => boundAgain(server, one, { ...place, pane: undefined }));
  const ofPanes = panes.flatMap(({ pane: { subscriptions }, id }) => {
    const pane = now.find((one) => one.id === id);
    return pane ? subscriptions.map((one) => boundAgain(server, one, { ...place, pane })) : [];
  });
  return [...ofSession, ...ofPanes];
}

/** Where a subscription is bound to: a session, and a pane of it or none. */
interface BoundPlace {
  session: string;
  sessionId: string;
  serverId: string;
  pane: Pane | undefined;
}

/**
 * A subscription bound to where it was restored. It counts from now on: which of the lines that came back were commands, and which had
 * been dealt with, is known in the pane of before alone. May ask tmux.
 */
function boundAgain(
  server: TmuxServer,
  subscription: SubscriptionOf,
  { session, sessionId, serverId, pane }: BoundPlace,
): NewSubscription {
  const { unheard: _, ...own } = subscription;
  const type = typeNamed(subscription.type);
  return {
    ...own,
    server: serverId,
    session,
    session_id: sessionId,
    pane: pane?.id ?? "",
    pane_id: pane?.paneId ?? "",
    label: pane?.label ?? "",
    progress: type?.begin?.({ server, id: pane?.id ?? "", shell: pane?.shell }, subscription) ?? null,
  };
}
