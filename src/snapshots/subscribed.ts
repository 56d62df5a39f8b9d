import type { NewSubscription, Subscription } from "../store/subscriptions.ts";
import { typeNamed } from "../subscriptions/table.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Made } from "./arriving.ts";
import type { SubscriptionOf } from "./manifest.ts";
import type { Plan } from "./plan.ts";
import type { Miss } from "./plan-terms.ts";
import { isSecretText, withoutSecretsIn } from "./secret-arguments.ts";
import { HIDDEN } from "./secrets.ts";

/**
 * Of all subscriptions, those to a pane, or to a session as a whole (`pane` is ""), as they are stored. Those that a process has
 * for its own time end with that. Pure.
 */
export function subscribedTo(
  subscriptions: readonly Subscription[],
  { server, sessionId, pane }: { server: string; sessionId: string; pane: string },
  miss: Miss,
): SubscriptionOf[] {
  const own = subscriptions.filter(
    (one) => one.server === server && one.session_id === sessionId && one.pane === pane && !one.owner,
  );
  return own.flatMap(({ type, pattern, deadline, seconds, callback, cwd, once }) => {
    // one with a hole would hear or run something else
    const secret = [callback, pattern].some((text) => text !== null && isSecretText(text));
    if (secret) {
      const what = pattern === null ? type : `${type} "${withoutSecretsIn(pattern)}"`;
      const does = callback === null ? "" : `, which runs ${withoutSecretsIn(callback)}`;
      miss(`the subscription to ${what}${does}`, `it held a secret, which is not stored (${HIDDEN}): subscribe again`);
      return [];
    }
    return { type, pattern, deadline, seconds, callback, cwd, once: once === 1 };
  });
}

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
  const type = typeNamed(subscription.type);
  return {
    ...subscription,
    server: serverId,
    session,
    session_id: sessionId,
    pane: pane?.id ?? "",
    pane_id: pane?.paneId ?? "",
    label: pane?.label ?? "",
    progress: type?.begin?.({ server, id: pane?.id ?? "", shell: pane?.shell }, subscription) ?? null,
  };
}
