import * as v from "valibot";

/**
 * The header in which either side says its version. Fields are only ever added: whoever reads an answer ignores what it
 * does not know, and does without what an older side does not send.
 */
export const VERSION_HEADER = "claude-tmux-version";

/** What `GET /status` answers to who says no version, for good: times in ms since the epoch. */
export const FirstStatusReply = v.object({
  pid: v.number(),
  version: v.string(),
  started_at: v.number(),
  socket: v.string(),
  /** sessions with panes to whose output somebody subscribed */
  watched_sessions: v.number(),
  /** panes of the tmux server, and those among them whose output is followed */
  panes: v.number(),
  watched_panes: v.number(),
  subscriptions: v.number(),
  events: v.number(),
  queue: v.number(),
  running_callbacks: v.number(),
  memory_bytes: v.number(),
});

/** What `GET /status` of the daemon's socket answers. What was not in 3.1.0 is optional. */
export const StatusReply = v.object({
  ...FirstStatusReply.entries,
  /** how many coding agents are in each state, of those that are followed */
  agents: v.optional(v.record(v.string(), v.number())),
});

/** The daemon's account of itself. */
export type Status = v.InferOutput<typeof StatusReply>;

/** What `POST /sync` answers, once the daemon acts on every subscription in the database. */
export const SyncReply = v.object({ subscriptions: v.number() });

/** The answer to `POST /sync`. */
export type Sync = v.InferOutput<typeof SyncReply>;

/** What a request that failed is answered with, if it said its version; else it is the message as text. */
export const ErrorReply = v.object({ code: v.string(), message: v.string(), hint: v.optional(v.string()) });

/** What `GET /events` takes: only events after `since`, of one session, of one type. */
export const EventsQuery = v.object({
  since: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/, "is not a sequence number"), v.transform(Number))),
  session: v.optional(v.string()),
  type: v.optional(v.string()),
});

/** Which events are asked for. */
export type EventsQuery = v.InferOutput<typeof EventsQuery>;

/** Of what `POST /tell` takes, an array: an event that a command has brought about, for the log of events. */
export const ToldEvent = v.object({
  event_type: v.string(),
  session: v.string(),
  pane_id: v.string(),
  pane: v.string(),
  label: v.string(),
  message: v.string(),
  data: v.record(v.string(), v.unknown()),
});

/** An event that a command has brought about. */
export type ToldEvent = v.InferOutput<typeof ToldEvent>;

/** The paths of the daemon's socket. */
export const ROUTES = {
  status: "/status",
  sync: "/sync",
  events: "/events",
  metrics: "/metrics",
  tie: "/tie",
  release: "/release",
  tell: "/tell",
} as const;

/** The one sentence about a daemon of another version than this program; undefined for the same one. Pure. */
export function otherVersion(runs: string | undefined, own: string): string | undefined {
  if (runs === own) return undefined;
  return `${runs === undefined ? "A daemon of an earlier version" : `Daemon ${runs}`} runs, this is ${own}: claude-tmux daemon restart`;
}
