import * as v from "valibot";
import { amount, count, flag, MISSING, moment, pid, role, text, verdict } from "./fields.ts";

const PROCESS = v.strictObject({ role, pid: pid("its process") });
const WATCHDOG_PID = { watchdog_pid: v.nullable(pid("the process of the watchdog; null: none runs")) };

/** What `daemon restore` tells. */
export const CameBack = v.strictObject({
  restored: v.pipe(
    v.array(
      v.strictObject({
        session: text("its name"),
        snapshot: text("the snapshot that it came back from"),
        missing: v.pipe(MISSING, v.description("what did not come back with it, and why")),
      }),
    ),
    v.description("the sessions that came back"),
  ),
  there: v.pipe(v.array(v.string()), v.description("those of whose name there was one already")),
  failed: v.pipe(
    v.array(v.strictObject({ session: text("its name"), why: text("why, in words") })),
    v.description("those that could not be brought back"),
  ),
});

/** The sessions that were to come back. */
export type CameBack = v.InferOutput<typeof CameBack>;

/** What `daemon start` and `watchdog start` tell. */
export const Started = v.strictObject({
  daemon_pid: v.nullable(pid("the process of the daemon; null: somebody has stopped it since")),
  ...WATCHDOG_PID,
  sessions: v.exactOptional(CameBack),
});

/** What was started. */
export type Started = v.InferOutput<typeof Started>;

/** What `daemon stop` and `watchdog stop` tell. */
export const Stopped = v.strictObject({
  stopped: v.pipe(v.array(PROCESS), v.description("what was stopped; empty: nothing ran")),
});

/** What was stopped. */
export type Stopped = v.InferOutput<typeof Stopped>;

/** What `daemon restart` tells. */
export const Restarted = v.strictObject({
  stopped: v.pipe(v.array(PROCESS), v.description("what was stopped; empty: nothing ran")),
  started: v.pipe(v.array(PROCESS), v.description("what runs now")),
});

const RUNNING = {
  running: v.literal(true),
  pid: pid("the process of the daemon"),
  ...WATCHDOG_PID,
};

/** What `daemon status` tells: nothing of what the daemon does if that does not answer, or does not run. */
export const DaemonState = v.union([
  v.strictObject({ running: v.literal(false), ...WATCHDOG_PID }),
  v.strictObject({ ...RUNNING, responding: v.pipe(v.literal(false), v.description("the daemon does not answer")) }),
  v.strictObject({
    ...RUNNING,
    responding: v.literal(true),
    version: text("the version of the daemon, which need not be that of this program"),
    started_at: count("when it was started, ms since the epoch"),
    socket: text("its socket"),
    watched_sessions: count("sessions with panes to whose output somebody subscribed"),
    panes: count("panes of the tmux server"),
    watched_panes: count("those of them whose output is followed"),
    subscriptions: count("subscriptions that have not ended"),
    events: count("events in the log"),
    queue: count("callbacks that wait for their turn"),
    running_callbacks: count("callbacks that run"),
    memory_bytes: count("resident memory of the daemon, bytes"),
    agents: v.optional(
      v.pipe(
        v.record(v.string(), v.number()),
        v.description("how many coding agents are in each state, of panes with a subscription to agent-state"),
      ),
    ),
  }),
]);

/** Whether the daemon runs, and what it does. */
export type DaemonState = v.InferOutput<typeof DaemonState>;

/** What `daemon health` tells. */
export const Health = v.strictObject({
  status: verdict,
  checks: v.array(
    v.strictObject({
      name: v.picklist(["process", "heartbeat", "memory", "queue", "errors", "unwritten"]),
      verdict,
      value: v.nullable(amount("what was found, in `unit`; null: nothing could be")),
      limit: v.nullable(amount("from which value on it is not healthy; null: there is no limit")),
      unit: v.picklist(["pid", "s", "MB", "events", "lines"]),
    }),
  ),
});

/** What `daemon heartbeat` tells. */
export const Heartbeat = v.strictObject({
  last_heartbeat: v.nullable(moment("when the daemon last showed that it lives, to the second; null: never")),
  age_s: v.nullable(amount("how long ago that was, s; null: not known")),
  status: v.picklist(["FRESH", "STALE"]),
});

/** The last heartbeat, and whether it is new enough. */
export type Heartbeat = v.InferOutput<typeof Heartbeat>;

const STEP = v.strictObject({
  step: v.picklist([1, 2, 3, 4, 5, 6]),
  name: text("what the step is called"),
  ok: flag("whether it worked"),
  detail: text("what was found or done, in words"),
});

const RECOVERED = v.strictObject({ recovered: flag("false: it was not necessary"), status: verdict });

/** What `daemon recover` tells: each step as it ends, and what came of it. */
export const RecoveryPart = v.union([STEP, RECOVERED]);

/** A step of a recovery, or what came of it. */
export type RecoveryPart = v.InferOutput<typeof RecoveryPart>;

/** What `daemon ensure` tells: what runs, or a recovery. */
export const EnsuredPart = v.union([
  v.strictObject({
    daemon_pid: v.nullable(pid("the process of the daemon; null: somebody has stopped it since")),
    ...WATCHDOG_PID,
    status: verdict,
  }),
  STEP,
  RECOVERED,
]);

/** What runs, or a part of a recovery. */
export type EnsuredPart = v.InferOutput<typeof EnsuredPart>;

/** What `daemon metrics` tells. */
export const Metrics = v.strictObject({
  is_up: flag("whether the daemon runs and answers"),
  text: text("its metrics in Prometheus' text format"),
});

/** What `daemon logs` and `watchdog logs` tell. */
export const LogEnd = v.strictObject({
  lines: v.pipe(v.array(v.string()), v.description("the last lines of the log, the newest last")),
});
