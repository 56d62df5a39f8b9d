import * as v from "valibot";
import { amount, count, flag, moment, pid, text } from "./fields.ts";

const ID = { id: count("the subscription's number") };

/** What `daemon subscribe` tells. */
export const Subscribed = v.strictObject(ID);

/** What `daemon unsubscribe` tells. */
export const Unsubscribed = v.strictObject({
  ...ID,
  ended: v.literal(true),
  dropped: count("how many of its callbacks waited for their turn, and are not run"),
  running: count("how many of them run, and go on"),
});

/** That a subscription has ended. */
export type Unsubscribed = v.InferOutput<typeof Unsubscribed>;

/** A subscription that has not ended, as `daemon subscriptions` tells it. */
export const Subscription = v.strictObject({
  ...ID,
  created_at: moment("when it was made"),
  type: text("what it fires for, as daemon subscribe has it; a later version may have others"),
  session: text("the session's name"),
  pane_id: text('the pane as commands name it, such as "1" or "2.1"; empty: any pane of the session, or the session'),
  pane: text("the pane's tmux id such as %5; empty: any pane of the session, or the session"),
  label: text("the pane's label; empty: none"),
  pattern: v.nullable(
    text("the regular expression that lines match, or the states of an agent; null: the type has none, or any will do"),
  ),
  deadline: v.nullable(moment("when its time has passed; null: the type has no such time")),
  seconds: v.nullable(amount("how long a silence lasts, s; null: the type has none")),
  callback: v.nullable(text("the shell command that is run; null: none is")),
  cwd: v.nullable(text("the folder in which it is run; null: the home folder")),
  once: flag("whether it ends when it has fired"),
  fired: count("how often it has fired"),
  ended_at: v.optional(v.pipe(v.null(), v.description("always: one that has ended is not told of"))),
  end_reason: v.optional(v.pipe(v.null(), v.description("the same"))),
  waiting_pid: v.optional(pid("the process of daemon wait for whose time it is")),
});

/** A subscription, as it is told. */
export type Subscription = v.InferOutput<typeof Subscription>;
