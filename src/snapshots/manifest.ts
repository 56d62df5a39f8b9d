import * as v from "valibot";
import { AppError } from "../lib/errors.ts";
import { sumOf } from "../lib/sum.ts";

/** The version of the format that this program writes. It reads no newer one. */
export const FORMAT = 1;

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** As large as tmux has a window (and its own parser of layouts does not look). */
const Side = v.pipe(Count, v.maxValue(10_000));
const Index = v.pipe(Count, v.maxValue(1_000_000));
const Layout = v.string();
const Sum = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** What a session or a program has in its environment: null is a variable that is taken away, what is hidden is a secret. */
const Environment = v.object({ set: v.record(v.string(), v.nullable(v.string())), hidden: v.array(v.string()) });
/** Options of tmux, by their names. */
const Options = v.record(v.string(), v.string());

const Program = v.object({
  /** as the kernel has them; in the place of a secret stands `***` */
  argv: v.array(v.string()),
  cwd: v.nullable(v.string()),
  /** why it can't be started again as it was: it was given a secret, is a part of a pipeline, or reads or writes elsewhere */
  cut: v.nullable(v.picklist(["secret", "part", "redirected"])),
  /** which kind of coding agent it is, and its conversation, if that is known; null for any other program */
  agent: v.optional(v.nullable(v.object({ kind: v.string(), conversation: v.nullable(v.string()) })), null),
  /** what it was given otherwise than all that its shell starts; null where that is not known */
  environment: v.optional(v.nullable(Environment), null),
});

const Subscription = v.object({
  type: v.string(),
  pattern: v.nullable(v.string()),
  /** ms since the epoch */
  deadline: v.nullable(v.number()),
  seconds: v.nullable(v.number()),
  callback: v.nullable(v.string()),
  /** the folder of its callback */
  cwd: v.nullable(v.string()),
  once: v.boolean(),
  /** how much, at least, nobody had heard by then of what it may have fired for: lines, or commands */
  unheard: v.optional(Count, 0),
});

const Text = v.object({ parts: v.array(Sum), lines: Count });

const Pane = v.object({
  /** what tmux called it then: its `%id` */
  id: v.string(),
  index: Index,
  width: Side,
  height: Side,
  title: v.string(),
  cwd: v.string(),
  label: v.nullable(v.string()),
  metadata: v.record(v.string(), v.string()),
  options: Options,
  history_limit: v.pipe(Count, v.maxValue(10_000_000)),
  is_active: v.boolean(),
  is_last: v.boolean(),
  is_dead: v.boolean(),
  /** the shell that tmux started, and what it was started with; null where that is not known */
  shell: v.nullable(v.string()),
  /** what that shell exports otherwise than when it had begun; null where it tells nothing */
  environment: v.optional(v.nullable(Environment), null),
  /** what has the terminal, if that is another than the shell; null where nothing runs or nothing is known */
  program: v.nullable(Program),
  /** the jobs of its shell that are stopped or in the background */
  jobs: v.array(Program),
  subscriptions: v.optional(v.array(Subscription), []),
  /** what the main screen and its history show, with colours (SGR), but for the prompt at which the shell waits; null without it */
  text: v.nullable(Text),
});

const Window = v.object({
  index: Index,
  name: v.string(),
  /** whether somebody has given it that name: tmux does not rename it */
  is_named: v.boolean(),
  width: Side,
  height: Side,
  layout: Layout,
  options: Options,
  is_zoomed: v.boolean(),
  /** of a window that the session shows twice, the index at which it came before; null for any other */
  same_as: v.nullable(Index),
  panes: v.pipe(v.array(Pane), v.minLength(1), v.maxLength(1000)),
});

const Session = v.object({
  name: v.string(),
  cwd: v.string(),
  environment: Environment,
  options: Options,
  /** the sessions that share its windows, itself among them; empty for one alone */
  group: v.array(v.string()),
  /** the indexes of its windows, the one shown last first */
  stack: v.array(Index),
  /** who made it, when and what for (see made.ts); null for one that somebody else made */
  made: v.nullable(v.string()),
  /** those to all of it */
  subscriptions: v.optional(v.array(Subscription), []),
  windows: v.pipe(
    v.array(Window),
    v.minLength(1),
    v.maxLength(1000),
    v.check((windows) => windows.reduce((sum, { panes }) => sum + panes.length, 0) <= 2000, "there are too many panes"),
  ),
});

/** What a snapshot holds, as it is stored. */
export const SnapshotSchema = v.object({
  /** where the clock was set back: by what those of a session are in order, in place of taken_at (see orderOf()) */
  order: v.optional(Count),
  /** ms since the epoch, as the clock was */
  taken_at: Count,
  note: v.nullable(v.string()),
  /** whether nobody asked for it: the daemon took it, or it was taken before the session was collected or replaced */
  is_automatic: v.boolean(),
  /** which machine, tmux server and start of the machine it was */
  host: v.string(),
  home: v.nullable(v.string()),
  socket: v.string(),
  boot: v.nullable(v.string()),
  tmux_version: v.string(),
  program_version: v.string(),
  /** what is not stored, and why: options and metadata that hold secrets, hooks */
  left_out: v.array(v.object({ where: v.string(), what: v.string(), why: v.string() })),
  session: Session,
});

/** All that is known of a session at one moment. */
export type Snapshot = v.InferOutput<typeof SnapshotSchema>;
/** Its session. */
export type SessionOf = v.InferOutput<typeof Session>;
/** A window of it. */
export type WindowOf = v.InferOutput<typeof Window>;
/** A pane of a window. */
export type PaneOf = v.InferOutput<typeof Pane>;
/** A subscription to what happens in a pane, or in the session. */
export type SubscriptionOf = v.InferOutput<typeof Subscription>;
/** A program, as it was started. */
export type ProgramOf = v.InferOutput<typeof Program>;
/** Variables of a session, a shell or a program: what is set (null: taken away), and the names of secrets. */
export type EnvironmentOf = v.InferOutput<typeof Environment>;

const Envelope = v.object({ format: Count, sum: Sum, snapshot: v.unknown() });

/** The text of a manifest: JSON for jq(1), with the sum of what it tells. Pure. */
export function manifestText(snapshot: Snapshot): string {
  return `${JSON.stringify({ format: FORMAT, sum: sumOf(JSON.stringify(snapshot)), snapshot }, null, 1)}\n`;
}

/**
 * Reads a manifest. Pure.
 * @param name what it is called in errors: `The file x.json`
 * @throws AppError ERR_SNAPSHOT_DAMAGED; ERR_SNAPSHOT_VERSION for one that a newer version has written
 */
export function parseManifest(text: string, name: string): Snapshot {
  return snapshotIn(jsonOf(text), name);
}

/** As parseManifest(), of what jsonOf() has made of the text. Pure. */
export function snapshotIn(content: unknown, name: string): Snapshot {
  const envelope = v.safeParse(Envelope, content);
  if (!envelope.success) throw damaged(name, "it is empty, cut off, or was never a snapshot");
  const { format, sum, snapshot } = envelope.output;
  if (format > FORMAT) {
    throw new AppError(
      "ERR_SNAPSHOT_VERSION",
      `${name} was written by a newer version: format ${format}, ${FORMAT} is known`,
      {
        hint: "Use the version of claude-tmux that wrote it, or a newer one.",
      },
    );
  }
  // as it was written, which no schema has looked at
  if (sumOf(JSON.stringify(snapshot)) !== sum)
    throw damaged(name, "something in it has changed since it was saved (its check sum does not fit)");
  const found = v.safeParse(SnapshotSchema, snapshot);
  if (!found.success)
    throw damaged(name, `${v.getDotPath(found.issues[0]) ?? "what it holds"} is not what a snapshot has there`);
  return found.output;
}

/** By what the snapshots of a session are in the order in which they were taken, whatever was done to the clock. Pure. */
export function orderOf({ order, taken_at: takenAt }: Pick<Snapshot, "order" | "taken_at">): number {
  return order ?? takenAt;
}

/** The sums of all parts that a snapshot needs. Pure. */
export function partsIn({ session }: Snapshot): string[] {
  return session.windows.flatMap(({ panes }) => panes.flatMap(({ text }) => text?.parts ?? []));
}

/** What a text is in JSON; undefined for none. Pure. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function damaged(name: string, why: string): AppError {
  return new AppError("ERR_SNAPSHOT_DAMAGED", `${name} can't be used: ${why}`, {
    hint: "Take an older snapshot (session-snapshots lists them), or save the session again.",
  });
}
