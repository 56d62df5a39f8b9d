import { subscriptionType } from "./type.ts";

/** The end of a pane, or of any pane of a session. */
export const paneExit = subscriptionType({
  name: "pane-exit",
  pane: "optional",
  details: {},
  help: 'the pane, or with "" or nothing any pane of the session, has ended',
  fires: { by: "census" },
});
