import type { NewEvent } from "../store/events.ts";
import type { Pane } from "../tmux/panes.ts";

/** What is remembered of a pane whose program runs, from one look at tmux to the next. */
export type Resident = Pick<Pane, "id" | "server" | "session" | "sessionId" | "paneId" | "label">;

/** An event of the sessions and panes as such, and where it happened. */
export interface Change {
  event: NewEvent;
  server: string;
  sessionId: string;
}

/** The panes of a look at tmux whose programs run; one that shows in several sessions counts once. */
export function residents(panes: readonly Pane[]): Resident[] {
  const found = new Map<string, Resident>();
  for (const { id, server, session, sessionId, paneId, label, isDead } of panes) {
    if (!isDead && !found.has(id)) found.set(id, { id, server, session, sessionId, paneId, label });
  }
  return [...found.values()];
}

/** Reads the residents of a look, as JSON; undefined for undefined, and for a note that is damaged. Pure. */
export function readCensus(note: string | undefined): Resident[] | undefined {
  if (note === undefined) return undefined;
  try {
    const value = JSON.parse(note);
    const isWhole =
      Array.isArray(value) && value.every((pane) => FIELDS.every((field) => typeof pane?.[field] === "string"));
    return isWhole ? value : undefined;
  } catch {
    return undefined;
  }
}

const FIELDS: (keyof Resident)[] = ["id", "server", "session", "sessionId", "paneId", "label"];

/** What has happened between two looks: exits before arrivals, panes before the sessions that end with them. Pure. */
export function changes(before: readonly Resident[], now: readonly Resident[]): Change[] {
  const gone = before.filter((pane) => !now.some((other) => isSame(pane, other)));
  const come = now.filter((pane) => !before.some((other) => isSame(pane, other)));
  const closed = firstOfSessions(gone).filter((pane) => !now.some((other) => isSameSession(pane, other)));
  const created = firstOfSessions(come).filter((pane) => !before.some((other) => isSameSession(pane, other)));
  return [
    ...gone.map((pane) => change(pane, paneEvent("pane-exit", pane, "pane exited"))),
    ...closed.map((pane) => change(pane, sessionEvent("session-closed", pane, "session closed"))),
    ...created.map((pane) => change(pane, sessionEvent("session-created", pane, "session created"))),
    ...come.map((pane) => change(pane, paneEvent("pane-created", pane, "pane created"))),
  ];
}

/** An event of a pane, as it stands now. */
export function paneEvent(
  event_type: NewEvent["event_type"],
  pane: Pick<Resident, "session" | "paneId" | "id" | "label">,
  message: string,
): NewEvent {
  const { session, paneId: pane_id, id, label } = pane;
  return { event_type, session, pane_id, pane: id, label, message, data: {} };
}

function sessionEvent(event_type: NewEvent["event_type"], pane: Resident, message: string): NewEvent {
  return { ...paneEvent(event_type, pane, message), pane_id: "", pane: "", label: "" };
}

function change(pane: Resident, event: NewEvent): Change {
  return { event, server: pane.server, sessionId: pane.sessionId };
}

function firstOfSessions(panes: readonly Resident[]): Resident[] {
  return panes.filter((pane, i) => panes.findIndex((other) => isSameSession(pane, other)) === i);
}

function isSame(a: Resident, b: Resident): boolean {
  return a.id === b.id && a.server === b.server;
}

function isSameSession(a: Resident, b: Resident): boolean {
  return a.sessionId === b.sessionId && a.server === b.server;
}
