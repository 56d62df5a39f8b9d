import * as v from "valibot";

/** What `GET /status` of the daemon's socket answers: times in ms since the epoch. */
export const StatusReply = v.strictObject({
  pid: v.number(),
  version: v.string(),
  started_at: v.number(),
  socket: v.string(),
  /** sessions attached to, since somebody subscribed to what their panes write */
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

/** The daemon's account of itself. */
export type Status = v.InferOutput<typeof StatusReply>;

/** What `POST /sync` answers, once the daemon acts on every subscription in the database. */
export const SyncReply = v.strictObject({ subscriptions: v.number() });

/** The answer to `POST /sync`. */
export type Sync = v.InferOutput<typeof SyncReply>;

/** The paths of the daemon's socket. */
export const ROUTES = {
  status: "/status",
  sync: "/sync",
  events: "/events",
  metrics: "/metrics",
  tie: "/tie",
  release: "/release",
} as const;
