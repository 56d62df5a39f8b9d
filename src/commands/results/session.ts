import * as v from "valibot";
import { count, flag, KILLED, moment, text } from "./fields.ts";

/** What `session-create` tells. */
export const SessionCreated = v.strictObject({ output: text("that it was made, in words") });

/** What `session-kill` tells. */
export const SessionKilled = v.strictObject({ output: text("that it was ended, in words"), ...KILLED });

/** What `session-list` tells. */
export const SessionList = v.strictObject({
  output: v.pipe(
    v.array(
      v.strictObject({
        name: text("the session's name"),
        id: text("its tmux id such as $3, which never changes"),
        windows: count("how many windows it has"),
        attached: flag("whether somebody looks at it"),
        created_at: moment("when it was made"),
      }),
    ),
    v.description("all sessions of the tmux server, by name"),
  ),
});

/** What `state-sync` tells. */
export const StateSynced = v.strictObject({ output: text("of which sessions files were written, in words") });
