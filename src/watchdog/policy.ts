import { afterCrash, type RestartPolicy } from "../supervise/restarts.ts";

/** How many looks in a row must find the heartbeat stale: after a suspend everything is old for a moment. */
export const STALE_LOOKS = 3;

/** What a watchdog remembers. */
export interface SupervisorState {
  phase: Phase;
  /** when it restarted the daemon, as far as it still counts: ms of a clock that survives the watchdog */
  restarts: readonly number[];
  /** looks in a row that found the heartbeat stale */
  stale: number;
}

/** starting: the daemon was started and is not ready; running: it serves; waiting: it died, and the back-off passes. */
export type Phase = "starting" | "running" | "waiting";

/** What can happen to a watchdog. */
export type WatchdogEvent =
  /** the daemon serves */
  | { kind: "ready" }
  /** the daemon did not start, died, or hung and was killed */
  | { kind: "crashed"; how: string }
  /** the daemon ended by itself, as it was meant to */
  | { kind: "ended" }
  /** a look at the heartbeat */
  | { kind: "fresh" }
  | { kind: "stale"; ageS: number }
  /** the back-off has passed */
  | { kind: "due" }
  /** the watchdog is to end: with its daemon, or without; or the state folder was taken from it */
  | { kind: "stop" }
  | { kind: "release" }
  | { kind: "evicted"; why: string };

/** What a watchdog does next. */
export type WatchdogAction =
  | { kind: "start" }
  | { kind: "watch" }
  | { kind: "kill"; how: string }
  | { kind: "wait"; ms: number; attempt: number; how: string }
  | { kind: "give-up"; restarts: number; how: string }
  | { kind: "end"; daemon: "is-gone" | "stop" | "leave"; exitCode: number };

type Step = [SupervisorState, WatchdogAction];

/**
 * The whole policy: what a watchdog in some phase does about an event at `now` (ms of the clock of `restarts`). An event
 * that cannot come in a phase is an error. Pure.
 */
export function transition(state: SupervisorState, event: WatchdogEvent, now: number, policy: RestartPolicy): Step {
  const end = (daemon: "is-gone" | "stop" | "leave", exitCode = 0): Step => [state, { kind: "end", daemon, exitCode }];
  switch (state.phase) {
    case "starting":
      if (event.kind === "ready") return [{ ...state, phase: "running", stale: 0 }, { kind: "watch" }];
      if (event.kind === "crashed") return crashed(state, event.how, now, policy);
      if (event.kind === "ended" || event.kind === "stop" || event.kind === "release") return end("is-gone");
      break;
    case "running":
      if (event.kind === "fresh") return [{ ...state, stale: 0 }, { kind: "watch" }];
      if (event.kind === "stale") return stale(state, event.ageS);
      if (event.kind === "crashed") return crashed(state, event.how, now, policy);
      if (event.kind === "ended") return end("is-gone");
      if (event.kind === "stop") return end("stop");
      if (event.kind === "release") return end("leave");
      if (event.kind === "evicted") return end("stop", 1);
      break;
    case "waiting":
      if (event.kind === "due") return [{ ...state, phase: "starting" }, { kind: "start" }];
      if (event.kind === "stop" || event.kind === "release") return end("is-gone");
      break;
  }
  throw new Error(`"${event.kind}" cannot happen to a watchdog that is ${state.phase}`);
}

function stale(state: SupervisorState, ageS: number): Step {
  if (state.stale + 1 < STALE_LOOKS) return [{ ...state, stale: state.stale + 1 }, { kind: "watch" }];
  const how = `hung (no heartbeat for ${Math.round(ageS)} s) and was killed`;
  return [
    { ...state, stale: 0 },
    { kind: "kill", how },
  ];
}

function crashed(state: SupervisorState, how: string, now: number, policy: RestartPolicy): Step {
  const { restarts, next } = afterCrash(state.restarts, now, policy);
  if (!next)
    return [
      { ...state, restarts },
      { kind: "give-up", restarts: restarts.length, how },
    ];
  return [
    { phase: "waiting", restarts, stale: 0 },
    { kind: "wait", ms: next.waitMs, attempt: next.attempt, how },
  ];
}
