import type { Status } from "../../src/ipc/protocol.ts";

/** What a daemon answers to `GET /status`: every field of version 3.1.0, for good. */
export const STATUS: Status = {
  pid: 1,
  version: "3.1.0",
  started_at: 2,
  socket: "/s",
  watched_sessions: 3,
  panes: 4,
  watched_panes: 5,
  subscriptions: 6,
  events: 7,
  queue: 8,
  running_callbacks: 9,
  memory_bytes: 10,
};
