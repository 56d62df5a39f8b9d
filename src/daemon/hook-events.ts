import { type HookLogEntry, readHookLog } from "../agents/hook-log.ts";
import { isoSeconds } from "../lib/clock.ts";
import type { NewEvent } from "../store/events.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { agentMessage, tellsState } from "../subscriptions/agent-state.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { HOOK_LOG_OPTION } from "../tmux/options.ts";
import type { Ask } from "../tmux/run.ts";
import { paneEvent } from "./census.ts";
import type { FoundPane } from "./panes-now.ts";

/**
 * Takes what hooks have left in panes for the log of events out of there, so that nothing is told twice: what then can't be written is
 * lost, and so is what a daemon has taken that is killed in that moment. Where tmux does not answer, or the pane is gone, it is left:
 * the next look takes it. Never throws.
 * @param subscriptions those that hold now: what one to agent-state tells of a pane is in the log by that
 */
export async function takeHookEvents(
  ask: Ask,
  panes: readonly FoundPane[],
  subscriptions: readonly Subscription[],
): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  // a window that is linked into several sessions shows in each
  const left = new Map(panes.flatMap((pane) => (pane.hookLog ? [[pane.id, pane] as const] : [])));
  for (const pane of left.values()) {
    const isTaken = await ask([forgetting(pane)]).then(
      () => true,
      () => false,
    );
    if (isTaken) events.push(...hookEvents(pane, subscriptions));
  }
  return events;
}

/** What hooks have left in a pane, as events, without those that a subscription to agent-state there tells. Pure. */
export function hookEvents(pane: FoundPane, subscriptions: readonly Subscription[]): NewEvent[] {
  const own = subscriptions.filter(({ server, pane: id }) => server === pane.server && id === pane.id);
  const isTold = ({ state, isEnd }: HookLogEntry) => !isEnd && own.some((one) => tellsState(one, state));
  return readHookLog(pane.hookLog ?? "").flatMap((entry) => (isTold(entry) ? [] : [eventOf(pane, entry)]));
}

function eventOf(pane: FoundPane, { kind, pid, state, for: wait, since, conversation, isEnd }: HookLogEntry): NewEvent {
  const message = isEnd ? `${kind} ends` : agentMessage({ kind, state, for: wait ?? null });
  const what = isEnd ? { state: "ended", for: null } : { state, for: wait ?? null };
  const data = { kind, pid, ...what, conversation: conversation ?? null, told_at: isoSeconds(since) };
  return { ...paneEvent("agent-hook", pane, message), data };
}

/** Takes away what was read, and leaves what hooks have added meanwhile. Pure. */
export function forgetting({ id, hookLog = "" }: FoundPane): TmuxCommand {
  const last = hookLog.slice(hookLog.lastIndexOf(",") + 1);
  const set = ["set-option", "-p", "-t", id];
  // whatever else somebody has put there would mean something in a format
  if (!/^[\w -]+$/.test(last)) return [...set, "-u", HOOK_LOG_OPTION];
  return [...set, "-F", HOOK_LOG_OPTION, `#{s/^.*${last}//:${HOOK_LOG_OPTION}}`];
}
