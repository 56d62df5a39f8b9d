import { TYPES, type TypeName } from "./table.ts";

/** The events of sessions and panes as such, which are in the log without a subscription. */
export const CENSUS_EVENTS = ["pane-exit", "pane-created", "session-created", "session-closed"] as const;

/** One of CENSUS_EVENTS. */
export type CensusEvent = (typeof CENSUS_EVENTS)[number];

/** The events that commands of ours bring about, and tell of. */
export const TOLD_EVENTS = [
  "pane-signalled",
  "gc",
  "snapshot-saved",
  "snapshot-failed",
  "session-restored",
  "restore-failed",
] as const;

/** What an event in the log can be. */
export type EventType = TypeName | CensusEvent | (typeof TOLD_EVENTS)[number] | "agent-hook" | "callback" | "gap";

/** The events that there are only when somebody has subscribed to them. */
export const SUBSCRIBED_EVENTS: readonly EventType[] = TYPES.filter(({ fires }) => fires.by !== "census").map(
  ({ name }) => name as TypeName,
);

/** The kinds of event in the log. */
export const EVENT_TYPES: readonly EventType[] = [
  ...SUBSCRIBED_EVENTS,
  ...CENSUS_EVENTS,
  ...TOLD_EVENTS,
  "agent-hook",
  "callback",
  "gap",
];
