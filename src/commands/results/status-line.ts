import * as v from "valibot";
import { count, text } from "./fields.ts";

/** What `status-line` tells of all panes. */
export const StatusLine = v.strictObject({
  blocked: count("panes in which a coding agent asks something, or a program waits for a line or a password"),
  failed: count("coding agents whose last turn ended with an error"),
  dead: count("panes whose program has ended"),
  done: count("coding agents whose last turn has ended"),
  working: count("panes in which something runs that needs nobody"),
  text: text("all of it for tmux's status line; empty where there is nothing to say"),
});
