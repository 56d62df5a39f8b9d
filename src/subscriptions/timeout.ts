import { subscriptionType } from "./type.ts";

/** A time of the clock that passes. */
export const timeout = subscriptionType({
  name: "timeout",
  pane: "required",
  details: { seconds: { kind: "seconds" } },
  help: "once, after so many seconds",
  isOnce: true,
  read: ({ seconds }, now) => ({ deadline: now + Math.round(seconds * 1000) }),
  fires: {
    by: "clock",
    deadline: ({ deadline }) => deadline,
    firing: ({ deadline }) => ({
      message: "deadline passed",
      about: { deadline: new Date(deadline ?? 0).toISOString() },
    }),
  },
});
