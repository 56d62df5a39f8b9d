import type { NewSubscription, Subscription } from "../store/subscriptions.ts";
import { typeNamed } from "../subscriptions/table.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { SubscriptionOf } from "./manifest.ts";
import type { Miss } from "./plan-terms.ts";
import { isSecretText } from "./secrets.ts";

/**
 * Of all subscriptions, those to a pane, or to a session as a whole (`pane` is ""), as they are stored. Those that a process has
 * for its own time end with that. Pure.
 * @param withText whether what the pane shows is stored, which progress is measured by
 */
export function subscribedTo(
  subscriptions: readonly Subscription[],
  { server, sessionId, pane }: { server: string; sessionId: string; pane: string },
  { withText, miss }: { withText: boolean; miss: Miss },
): SubscriptionOf[] {
  const own = subscriptions.filter(
    (one) => one.server === server && one.session_id === sessionId && one.pane === pane && !one.owner,
  );
  return own.flatMap(({ type, pattern, deadline, seconds, callback, cwd, once, progress }) => {
    if (callback !== null && isSecretText(callback)) {
      miss(`the subscription to ${type}`, "its callback held a secret, which is not stored");
      return [];
    }
    return { type, pattern, deadline, seconds, callback, cwd, once: once === 1, progress: withText ? progress : null };
  });
}

/** Where a subscription is bound to: a session, and a pane of it or none. */
export interface BoundPlace {
  session: string;
  sessionId: string;
  serverId: string;
  pane: Pane | undefined;
  /** whether the pane shows what it did when it was saved */
  isSame: boolean;
}

/**
 * A subscription bound to where it was restored. What has been dealt with is not dealt with again; what has come since the daemon
 * looked last is. May ask tmux.
 */
export function boundAgain(
  server: TmuxServer,
  { progress, ...subscription }: SubscriptionOf,
  { session, sessionId, serverId, pane, isSame }: BoundPlace,
): NewSubscription {
  const type = typeNamed(subscription.type);
  const begin = () => type?.begin?.({ server, id: pane?.id ?? "", shell: pane?.shell }, subscription) ?? null;
  return {
    ...subscription,
    server: serverId,
    session,
    session_id: sessionId,
    pane: pane?.id ?? "",
    pane_id: pane?.paneId ?? "",
    label: pane?.label ?? "",
    progress: isSame && type?.isProgressOfText && progress !== null ? progress : begin(),
  };
}
