import * as v from "valibot";
import { KINDS, type Kind } from "../../gc/kinds.ts";
import { amount, count, flag, members, moment, pid, text } from "./fields.ts";

const collected = v.array(
  v.strictObject({
    kind: v.pipe(
      v.picklist(Object.keys(KINDS) as Kind[]),
      v.description(
        "a session that was ended; a process that lived on of one that was to end; what a process of ours left that is no more: a pipe or a hold of a pane, a turn to ask there, a paste buffer, a tmux client, a file, a restore (its session, its folder); the view of a session that is no more, the state of a server that is no more, a log, an event or a snapshot, that has been kept long enough",
      ),
    ),
    what: text("the session, the process, the file"),
    why: text("why it was collected, in words"),
    snapshot: v.exactOptional(
      text("of a session that was ended, what it was saved as: session-restore brings it back"),
    ),
  }),
);

/** What `gc-run` tells. */
export const GarbageCollected = v.strictObject({
  output: text("how much was collected, in words"),
  dry_run: flag("whether nothing was done, and this is what would be"),
  ttl_s: amount("the time to live of sessions whose makers gave none, seconds"),
  collected: v.pipe(collected, v.description("what was collected")),
  kept: v.pipe(
    v.array(v.strictObject({ session: text("its name"), why: text("why it stays, in words") })),
    v.description("the sessions that claude-tmux made and that stay"),
  ),
  survivors: members("processes of panes that have gone, which live on: they are told of, and no more"),
  ended: members(
    "what ran in the sessions that were collected, and does no more; of a shell at its prompt, nothing is told",
  ),
});

/** What `gc-status` tells. */
export const GarbageStatus = v.strictObject({
  output: text("whether and how often it is collected, in words"),
  enabled: flag("whether the daemon collects"),
  ttl_s: amount("the time to live of sessions whose makers gave none, seconds"),
  every_s: amount("how often the daemon collects, seconds"),
  daemon: flag("whether a daemon runs"),
  last_run: v.pipe(
    v.nullable(moment("when it was collected last")),
    v.description("null: not since this state folder was made"),
  ),
  last_collected: v.pipe(v.nullable(count("how much was collected then")), v.description("null: as last_run")),
  sessions: v.pipe(
    v.array(
      v.strictObject({
        session: text("its name"),
        made_by: text("the program that had it made"),
        made_at: moment("when it was made"),
        note: v.exactOptional(text("what it is for, as its maker said")),
        ttl_s: v.exactOptional(amount("its own time to live, seconds")),
        owner_pid: v.exactOptional(pid("the process with which it is to end")),
        keep: flag("whether it is never ended"),
        idle_s: v.nullable(amount("for how long nothing has happened there, seconds; null: not known")),
        due: flag("whether the next collection ends it"),
        why: text("why, in words"),
      }),
    ),
    v.description("the sessions that claude-tmux made"),
  ),
});

/** What `gc-enable` and `gc-disable` tell. */
export const GarbageSet = v.strictObject({
  output: text("what is so from now on, in words"),
  enabled: flag("whether the daemon collects"),
  ttl_s: v.exactOptional(amount("the time to live of sessions whose makers gave none, seconds")),
  warning: v.exactOptional(text("what else is needed")),
});
