import * as v from "valibot";
import { EVENT_TYPES } from "../../subscriptions/events.ts";
import { count, moment, text } from "./fields.ts";

/** An event of the log, as `daemon events` tells it. */
export const Event = v.strictObject({
  seq: count("its number in the log, which only grows"),
  timestamp: moment("when it happened, to the millisecond"),
  event_type: text(`what kind of event: ${EVENT_TYPES.join(", ")}; a later version may have others`),
  session: text("the session's name"),
  pane_id: text('the pane as commands name it, such as "1" or "2.1"; empty: the event is about no pane'),
  pane: text("the pane's tmux id such as %5; empty: the event is about no pane"),
  label: text("the pane's label; empty: none"),
  message: text("what happened, in words"),
  data: v.pipe(
    v.record(v.string(), v.unknown()),
    v.description(
      "facts, by type: subscription, line and match; exit_code, signal, duration_ms, command; last_lines, last_command; count",
    ),
  ),
});
