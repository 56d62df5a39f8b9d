import { subscriptionType } from "./type.ts";

/** The end of a session. */
export const sessionClosed = subscriptionType({
  name: "session-closed",
  pane: "none",
  details: {},
  help: "the session has ended",
  isOnce: true,
  fires: { by: "census" },
});
