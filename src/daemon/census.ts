import type { NewEvent } from "../store/events.ts";
import type { CensusEvent } from "../subscriptions/events.ts";
import type { PlacedPane } from "../tmux/panes.ts";

/** What is remembered of a pane whose program runs, from one look at tmux to the next. */
export interface Resident extends Pick<PlacedPane, "id" | "server" | "session" | "sessionId" | "paneId" | "label"> {
  /** the ids of the other sessions in which it shows: a window may be linked into several */
  others?: string[];
}

/** What is remembered of a session; one whose panes are all dead is there still. */
export type ResidentSession = Pick<PlacedPane, "server" | "session" | "sessionId">;

/** What there was at a look at tmux. */
export interface Census {
  panes: Resident[];
  sessions: ResidentSession[];
}

/** An event of the sessions and panes as such, and where it happened. */
export interface Change {
  event: NewEvent;
  server: string;
  /** the sessions in which it happened */
  sessionIds: string[];
}

/**
 * The panes of a look at tmux whose programs run, each once, and all sessions.
 * @param before the last look: a pane that shows in several sessions is told of as in the one it was in
 * @param limit the id of a session: of this one alone
 */
export function takeCensus(panes: readonly PlacedPane[], before: Census | undefined, limit?: string): Census {
  const places = limit === undefined ? panes : panes.filter(({ sessionId }) => sessionId === limit);
  const home = new Map(before?.panes.map(({ server, id, sessionId }) => [`${server} ${id}`, sessionId]));
  const living = Map.groupBy(
    places.filter(({ isDead }) => !isDead),
    ({ server, id }) => `${server} ${id}`,
  );
  const residents = [...living].flatMap(([key, shown]) => {
    const place = shown.find(({ sessionId }) => sessionId === home.get(key)) ?? shown[0];
    if (!place) return [];
    const { id, server, session, sessionId, paneId, label } = place;
    const others = shown.map((one) => one.sessionId).filter((one) => one !== sessionId);
    return [{ id, server, session, sessionId, paneId, label, ...(others.length > 0 && { others }) }];
  });
  return { panes: residents, sessions: sessionsOf(places) };
}

/** Reads the census of a look, as JSON, also of earlier versions; undefined for a note that is damaged, or none. Pure. */
export function readCensus(note: string | undefined): Census | undefined {
  if (note === undefined) return undefined;
  try {
    const value = JSON.parse(note);
    const { panes, sessions } = Array.isArray(value) ? { panes: value, sessions: sessionsOf(value) } : value;
    const isWhole = areAll(panes, PANE_FIELDS) && areAll(sessions, SESSION_FIELDS);
    return isWhole ? { panes, sessions } : undefined;
  } catch {
    return undefined;
  }
}

const PANE_FIELDS: (keyof Resident)[] = ["id", "server", "session", "sessionId", "paneId", "label"];
const SESSION_FIELDS: (keyof ResidentSession)[] = ["server", "session", "sessionId"];

function areAll(values: unknown, fields: readonly string[]): boolean {
  return Array.isArray(values) && values.every((one) => fields.every((field) => typeof one?.[field] === "string"));
}

/** What has happened between two looks: exits before arrivals, panes before the sessions that end with them. Pure. */
export function changes(before: Census, now: Census): Change[] {
  const gone = before.panes.filter((pane) => !now.panes.some((other) => isSame(pane, other)));
  const come = now.panes.filter((pane) => !before.panes.some((other) => isSame(pane, other)));
  const closed = before.sessions.filter((session) => !now.sessions.some((other) => isSameSession(session, other)));
  const created = now.sessions.filter((session) => !before.sessions.some((other) => isSameSession(session, other)));
  return [
    ...gone.map((pane) => paneChange(pane, "pane-exit", "pane exited")),
    ...closed.map((session) => sessionChange(session, "session-closed", "session closed")),
    ...created.map((session) => sessionChange(session, "session-created", "session created")),
    ...come.map((pane) => paneChange(pane, "pane-created", "pane created")),
  ];
}

/** An event of a pane, as it stands now. */
export function paneEvent(
  event_type: string,
  pane: Pick<Resident, "session" | "paneId" | "id" | "label">,
  message: string,
): NewEvent {
  const { session, paneId: pane_id, id, label } = pane;
  return { event_type, session, pane_id, pane: id, label, message, data: {} };
}

function paneChange(pane: Resident, type: CensusEvent, message: string): Change {
  const { server, sessionId, others = [] } = pane;
  return { event: paneEvent(type, pane, message), server, sessionIds: [sessionId, ...others] };
}

function sessionChange(place: ResidentSession, type: CensusEvent, message: string): Change {
  const { session, server, sessionId } = place;
  return {
    event: paneEvent(type, { session, paneId: "", id: "", label: "" }, message),
    server,
    sessionIds: [sessionId],
  };
}

function sessionsOf(places: readonly ResidentSession[]): ResidentSession[] {
  const found = new Map<string, ResidentSession>();
  for (const { server, session, sessionId } of places)
    found.set(`${server} ${sessionId}`, { server, session, sessionId });
  return [...found.values()];
}

function isSame(a: Resident, b: Resident): boolean {
  return a.id === b.id && a.server === b.server;
}

function isSameSession(a: ResidentSession, b: ResidentSession): boolean {
  return a.sessionId === b.sessionId && a.server === b.server;
}
