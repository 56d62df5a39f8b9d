import type { NewSubscription } from "../store/subscriptions.ts";
import { findPane, listPanes } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Stored, SubscriptionType } from "./type.ts";

/** A subscription that counts from now on, to be stored by whoever says what it does when it fires. */
export type Bound = Omit<NewSubscription, "callback" | "cwd" | "once">;

/** What is subscribed to, in the words that name it now. */
export interface SubscriptionRequest {
  type: SubscriptionType;
  /** as tmux can be told of it */
  session: string;
  /** undefined for a whole session */
  pane: string | undefined;
  stored: Partial<Stored>;
}

/**
 * Binds a subscription to the very session and pane that the names mean now, and to this moment.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL
 */
export function bind(server: TmuxServer, { type, session, pane, stored: given }: SubscriptionRequest): Bound {
  const stored = { pattern: null, deadline: null, seconds: null, ...given };
  const { place, shell } = pane === undefined ? sessionPlace(server, session) : panePlace(server, session, pane);
  const progress = type.begin?.({ server, id: place.pane, shell }, stored) ?? null;
  return { ...place, ...stored, type: type.name, progress };
}

function panePlace(server: TmuxServer, session: string, name: string) {
  const pane = findPane(server, session, name);
  const { id, paneId: pane_id, label, shell } = pane;
  return { place: { ...placeOf(pane), pane: id, pane_id, label }, shell };
}

function sessionPlace(server: TmuxServer, session: string) {
  const [first] = listPanes(server, session);
  const none = { server: "", session, sessionId: "" };
  return { place: { ...placeOf(first ?? none), pane: "", pane_id: "", label: "" }, shell: undefined };
}

function placeOf({ server, session, sessionId }: { server: string; session: string; sessionId: string }) {
  return { server, session, session_id: sessionId };
}
