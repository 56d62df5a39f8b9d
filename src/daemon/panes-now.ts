import { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { isTmux, type ProcessId, tableId } from "../process/identity.ts";
import { isBeingRestored } from "../snapshots/unfinished.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { type Death, readDeath } from "../tmux/death.ts";
import { hasNoSessions } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { readMadeSession } from "../tmux/made.ts";
import { HOOK_LOG_OPTION, MADE_OPTION, RESTORING_OPTION } from "../tmux/options.ts";
import { PLACE_VARIABLES } from "../tmux/pane-variables.ts";
import { type PlacedPane, placesOf } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

const ENDING_MS = 1000;
/** As little as will do: with many panes the tmux server has something to do with it. */
const VARIABLES = [
  ...PLACE_VARIABLES,
  "pane_dead_status",
  "pane_dead_signal",
  MADE_OPTION,
  HOOK_LOG_OPTION,
  RESTORING_OPTION,
] as const;

/** A pane, and how its program ended if it has. */
export interface FoundPane extends PlacedPane {
  death: Death | undefined;
  /** the process with which its session is to end */
  owner?: ProcessId | undefined;
  /** what hooks have left for the log of events (see agents/hook-log.ts); "" for nothing */
  hookLog?: string;
}

/**
 * Every pane of the server. Those of a session that is just being restored come when it is whole, and has its name. Undefined when, for
 * certain, no server runs.
 * Throws when tmux could not tell; a socket that was removed under a living server (one that a subscription names) tells
 * nothing either.
 */
export async function panesNow(
  server: TmuxServer,
  subscriptions: readonly Subscription[],
): Promise<FoundPane[] | undefined> {
  try {
    const text = await tmuxAsync(server, [["list-panes", "-a", "-F", rowFormat(VARIABLES)]]);
    const rows = parseRows(VARIABLES, text).filter((row) => !isBeingRestored(row));
    return placesOf(rows).map((pane, i) => {
      const row = rows[i] as (typeof rows)[number];
      const made = row[MADE_OPTION];
      return { ...pane, death: readDeath(row), owner: ownerIn(made), hookLog: row[HOOK_LOG_OPTION] };
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (hasNoSessions(thrown)) return [];
    if (thrown.code !== "ERR_TMUX_NOT_RUNNING") throw thrown;
    const alive = subscriptions.map((subscription) => Number.parseInt(subscription.server, 10)).find(isTmux);
    // one that ends removes its socket first: give it the moment
    if (alive === undefined || (await poll(ENDING_MS, 20, () => !isTmux(alive)))) return undefined;
    throw new Error(`the tmux server (PID ${alive}) lives, but its socket ${server.socket} is gone`);
  }
}

/** Of a session whose maker looked at the same process table. */
function ownerIn(made: string): ProcessId | undefined {
  const owner = made === "" ? undefined : readMadeSession(made)?.owner;
  return owner?.table === tableId() ? owner : undefined;
}

/**
 * The session that a subscription is in now: its pane may have been moved. Undefined when its pane, or, if it is for a
 * whole session, that, is no more.
 */
export function sessionOf(subscription: Subscription, panes: readonly PlacedPane[]): string | undefined {
  const { server, session_id, pane } = subscription;
  if (pane === "") {
    return panes.some((place) => place.sessionId === session_id && place.server === server) ? session_id : undefined;
  }
  const places = panes.filter((place) => place.id === pane && place.server === server).map((place) => place.sessionId);
  // a window that is linked into several sessions shows in each
  return places.includes(session_id) ? session_id : places[0];
}
