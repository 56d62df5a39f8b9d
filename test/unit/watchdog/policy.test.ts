import { describe, expect, test } from "bun:test";
import { config } from "../../../src/lib/config.ts";
import {
  type Phase,
  STALE_LOOKS,
  type SupervisorState,
  transition,
  type WatchdogAction,
  type WatchdogEvent,
} from "../../../src/watchdog/policy.ts";

const DEFAULT_POLICY = {
  baseMs: config.backoffBaseMs,
  limit: config.restartLimit,
  windowMs: config.restartWindowS * 1000,
};

const EVENTS: Record<WatchdogEvent["kind"], WatchdogEvent> = {
  ready: { kind: "ready" },
  crashed: { kind: "crashed", how: "was killed" },
  ended: { kind: "ended" },
  fresh: { kind: "fresh" },
  stale: { kind: "stale", ageS: 31.4 },
  due: { kind: "due" },
  stop: { kind: "stop" },
  release: { kind: "release" },
  evicted: { kind: "evicted", why: "is a link" },
};

const before = (phase: Phase, change: Partial<SupervisorState> = {}): SupervisorState => ({
  phase,
  restarts: [],
  stale: 0,
  ...change,
});
const WATCH: WatchdogAction = { kind: "watch" };
const WAIT: WatchdogAction = { kind: "wait", ms: 2000, attempt: 1, how: "was killed" };
const end = (daemon: "is-gone" | "stop" | "leave", exitCode = 0): WatchdogAction => ({ kind: "end", daemon, exitCode });

// phase × event → phase and action, all that can come; every other pair is a bug
const TABLE: [Phase, WatchdogEvent["kind"], Phase, WatchdogAction][] = [
  ["starting", "ready", "running", WATCH],
  ["starting", "crashed", "waiting", WAIT],
  ["starting", "ended", "starting", end("is-gone")],
  ["starting", "stop", "starting", end("is-gone")],
  ["starting", "release", "starting", end("is-gone")],
  ["running", "fresh", "running", WATCH],
  ["running", "stale", "running", WATCH],
  ["running", "crashed", "waiting", WAIT],
  ["running", "ended", "running", end("is-gone")],
  ["running", "stop", "running", end("stop")],
  ["running", "release", "running", end("leave")],
  ["running", "evicted", "running", end("stop", 1)],
  ["waiting", "due", "starting", { kind: "start" }],
  ["waiting", "stop", "waiting", end("is-gone")],
  ["waiting", "release", "waiting", end("is-gone")],
];

describe("the table", () => {
  for (const phase of ["starting", "running", "waiting"] as const) {
    for (const event of Object.values(EVENTS)) {
      const row = TABLE.find((each) => each[0] === phase && each[1] === event.kind);
      test(`${phase}, ${event.kind}: ${row ? `${row[2]}, ${row[3].kind}` : "cannot be"}`, () => {
        const step = () => transition(before(phase), event, 1000, DEFAULT_POLICY);
        if (!row) return expect(step).toThrow("cannot happen");
        const [after, action] = step();
        expect(after.phase).toBe(row[2]);
        expect(action).toEqual(row[3]);
      });
    }
  }
});

test("waits 2, 4, 8, 16 and 32 seconds, then gives up", () => {
  let state = before("running");
  const waits: unknown[] = [];
  for (let now = 0; ; ) {
    const [after, action] = transition(state, EVENTS.crashed, now, DEFAULT_POLICY);
    waits.push(action.kind === "wait" ? action.ms : action);
    if (action.kind !== "wait") break;
    now += action.ms;
    state = transition(after, EVENTS.due, now, DEFAULT_POLICY)[0];
    state = transition(state, EVENTS.ready, now, DEFAULT_POLICY)[0];
  }
  expect(waits).toEqual([2000, 4000, 8000, 16000, 32000, { kind: "give-up", restarts: 5, how: "was killed" }]);
});

test("kills a daemon whose heartbeat is stale so many times in a row, and forgets what a fresh one undoes", () => {
  const look = (state: SupervisorState, kind: "fresh" | "stale") => transition(state, EVENTS[kind], 0, DEFAULT_POLICY);
  let state = before("running");
  for (let i = 1; i < STALE_LOOKS; i++) state = look(state, "stale")[0];
  expect(look(state, "stale")[1]).toEqual({ kind: "kill", how: "hung (no heartbeat for 31 s) and was killed" });
  state = look(state, "fresh")[0];
  expect(look(state, "stale")[1]).toEqual(WATCH);
});

test.each([
  ["no restart yet", [], 0, 2000],
  ["one a moment ago", [1000], 2000, 4000],
  ["one just inside the window", [0], 299_999, 4000],
  ["one that has left the window: a stable run resets the back-off", [0], 300_000, 2000],
  ["five, of which one has left", [0, 1, 2, 3, 4], 300_000, 32_000],
  ["five in the window", [0, 1, 2, 3, 4], 299_999, undefined],
  ["one before the machine was started again", [5000], 2000, 2000],
])("a crash after %s", (_, restarts, now, ms) => {
  const [after, action] = transition(before("running", { restarts }), EVENTS.crashed, now, DEFAULT_POLICY);
  expect(action.kind === "wait" ? action.ms : undefined).toBe(ms);
  if (ms !== undefined) expect(after.restarts.at(-1)).toBe(now);
});

test("follows another policy", () => {
  const policy = { baseMs: 10, limit: 1, windowMs: 5 };
  expect(transition(before("running", { restarts: [1] }), EVENTS.crashed, 2, policy)[1]).toMatchObject({
    kind: "give-up",
  });
});
