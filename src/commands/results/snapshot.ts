import * as v from "valibot";
import { SnapshotSchema } from "../../snapshots/manifest.ts";
import { amount, count, flag, MISSING, members, moment, text } from "./fields.ts";

const DIFFERENCES = v.array(
  v.strictObject({
    where: text("session, window N or pane N.M"),
    what: text("what differs"),
    before: v.pipe(v.nullable(v.string()), v.description("what it was; null: not there")),
    after: v.pipe(v.nullable(v.string()), v.description("what it is; null: not there")),
  }),
);

const SIZES = {
  windows: count("how many windows"),
  panes: count("how many panes"),
  lines: count("how many lines of what panes showed"),
};

const COMMANDS = v.array(v.strictObject({ where: text("pane N.M"), command: text("its command line") }));

/** What `session-save` tells. */
export const SnapshotSaved = v.strictObject({
  output: text("that it was saved, in words"),
  snapshot: text("its id, or the file that it was written to"),
  ...SIZES,
  bytes_written: count("how many bytes were written: what older snapshots have is not written again"),
  hidden: v.pipe(
    v.array(v.string()),
    v.description(
      "what is not stored: variables, options, metadata, arguments of programs and subscriptions that hold secrets, hooks, exported functions, what is not UTF-8",
    ),
  ),
});

/** What `session-restore` tells. */
export const SessionRestored = v.strictObject({
  output: text("that it came back, in words"),
  dry_run: flag("whether nothing was done, and this is what would be"),
  snapshot: text("the id of the snapshot, or its file"),
  ...SIZES,
  missing: v.pipe(MISSING, v.description("what does not come back, and why")),
  started: v.pipe(COMMANDS, v.description("the programs that were started again")),
  history: v.pipe(COMMANDS, v.description("those that are the last lines of their shells' histories instead")),
  subscriptions: count("how many subscriptions it has again"),
  ttl_s: v.exactOptional(amount("after how many seconds without anything happening there it is collected again")),
  differences: v.pipe(DIFFERENCES, v.description("what was looked at afterwards and is not as it was")),
  replaced: v.exactOptional(
    v.strictObject({
      session: text("the name of the session that had its place"),
      windows: count("how many windows ended with it: not those that other sessions have as well"),
      panes: count("how many panes ended with it"),
      programs: v.pipe(COMMANDS, v.description("what ran in those panes, in front or as a job")),
      snapshot: v.exactOptional(text("what it was saved as; not with --dry-run")),
      survivors: v.exactOptional(members("processes that were started there and live on; not with --dry-run")),
    }),
  ),
  skipped: v.pipe(
    v.array(v.strictObject({ snapshot: text("its id"), why: text("why, in words") })),
    v.description("newer snapshots of the session, or that may be of it, that can't be used"),
  ),
});

/** A stored snapshot. */
const STORED = {
  snapshot: text("its id"),
  name: v.pipe(v.nullable(v.string()), v.description("the session's name; null: it can't be read")),
  taken_at: v.pipe(v.nullable(moment("when it was taken")), v.description("null: it can't be read")),
  note: v.pipe(v.nullable(v.string()), v.description("what it was taken for, as somebody said")),
  automatic: flag(
    "whether nobody asked for it: the daemon took it, or it was taken before the session was collected or replaced",
  ),
  ...SIZES,
  bytes: count("the bytes of its manifest, without the lines"),
  whole: flag("whether all its parts are there, and none is empty; session-snapshot-verify reads them"),
  problem: v.pipe(v.nullable(v.string()), v.description("what is wrong with it; null: nothing that could be seen")),
};

/** What `session-snapshots` tells. */
export const SnapshotList = v.strictObject({
  output: v.pipe(v.array(v.strictObject(STORED)), v.description("the snapshots, the newest first")),
});

/** What `session-snapshot-show` tells. */
export const SnapshotShown = v.strictObject({
  output: v.pipe(SnapshotSchema, v.description("all that is stored: the session, its windows and their panes")),
  snapshot: text("its id, or its file"),
});

/** What `session-snapshot-verify` tells. */
export const SnapshotsVerified = v.strictObject({
  output: text("how many are whole, in words"),
  damaged: v.pipe(
    v.array(v.strictObject({ snapshot: text("its id"), problems: v.array(v.string()) })),
    v.description("those that are not, and what is wrong with them"),
  ),
});

/** What `session-snapshot-diff` tells. */
export const SnapshotsCompared = v.strictObject({
  output: text("whether they differ, in words"),
  differences: v.pipe(DIFFERENCES, v.description("what they differ in")),
});

/** What `session-snapshot-delete` and `session-snapshot-prune` tell. */
export const SnapshotsRemoved = v.strictObject({
  output: text("how many were removed, in words"),
  dry_run: flag("whether nothing was done, and this is what would be"),
  removed: v.pipe(v.array(v.string()), v.description("the ids of the snapshots that are gone")),
  bytes_freed: count("how many bytes are free now"),
});

/** What `session-autosave` and `session-autosave-stop` tell. */
export const AutosaveSet = v.strictObject({
  output: text("what is so from now on, in words"),
  enabled: flag("whether the daemon saves it, or them"),
  warning: v.exactOptional(text("what else is needed")),
});
