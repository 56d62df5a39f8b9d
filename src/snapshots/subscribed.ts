import { AppError } from "../lib/errors.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { typeNamed } from "../subscriptions/table.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { SubscriptionOf } from "./manifest.ts";
import type { Miss } from "./plan-terms.ts";
import { isSecretText, withoutSecretsIn } from "./secret-arguments.ts";
import { HIDDEN } from "./secrets.ts";

/**
 * Of all subscriptions, those to a pane, or to a session as a whole (`pane` is ""), as they are stored. Those that a process has
 * for its own time end with that.
 * @param unheard how much one has not heard yet
 */
export function subscribedTo(
  subscriptions: readonly Subscription[],
  { server, sessionId, pane }: { server: string; sessionId: string; pane: string },
  miss: Miss,
  unheard: (one: Subscription) => number = () => 0,
): SubscriptionOf[] {
  const own = subscriptions.filter(
    (one) => one.server === server && one.session_id === sessionId && one.pane === pane && !one.owner,
  );
  return own.flatMap((one) => {
    const { type, pattern, deadline, seconds, callback, cwd, once } = one;
    // one with a hole would hear or run something else
    const secret = [callback, pattern].some((text) => text !== null && isSecretText(text));
    if (secret) {
      const what = pattern === null ? type : `${type} "${withoutSecretsIn(pattern)}"`;
      const does = callback === null ? "" : `, which runs ${withoutSecretsIn(callback)}`;
      miss(`the subscription to ${what}${does}`, `it held a secret, which is not stored (${HIDDEN}): subscribe again`);
      return [];
    }
    return { type, pattern, deadline, seconds, callback, cwd, once: once === 1, unheard: unheard(one) };
  });
}

/** How much a subscription to a pane has not heard yet of what it shows; 0 where that can't be told. May ask tmux. */
export function unheardBy(server: TmuxServer, pane: Pane, subscription: Subscription): number {
  try {
    return typeNamed(subscription.type)?.unheard?.count({ server, id: pane.id, shell: pane.shell }, subscription) ?? 0;
  } catch (thrown) {
    if (thrown instanceof AppError) return 0;
    throw thrown;
  }
}

/** What a subscription has not heard, in words. Pure. */
export function unheardText(type: string, count: number): string {
  const unit = typeNamed(type)?.unheard?.unit ?? "line";
  return `what its subscription to ${type} counts: at least ${count} ${unit}${count === 1 ? "" : "s"}`;
}
