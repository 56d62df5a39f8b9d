/** When to restart, and when to stop trying. */
export interface RestartPolicy {
  /** the wait before the first restart; each further one waits twice as long */
  baseMs: number;
  /** restarts within the window before giving up */
  limit: number;
  windowMs: number;
}

/** How many looks in a row must find the heartbeat stale: after a suspend everything is old for a moment. */
export const STALE_LOOKS = 3;

/** What a watchdog remembers. */
export interface Memory {
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

type Step = [Memory, WatchdogAction];

/**
 * The whole policy: what a watchdog in some phase does about an event at `now` (ms of the clock of `restarts`). An event
 * that cannot come in a phase is an error. Pure.
 */
export function next(memory: Memory, event: WatchdogEvent, now: number, policy: RestartPolicy): Step {
  const { phase, stale } = memory;
  const end = (daemon: "is-gone" | "stop" | "leave", exitCode = 0): Step => [memory, { kind: "end", daemon, exitCode }];
  const watch: WatchdogAction = { kind: "watch" };
  switch (`${phase} ${event.kind}` as const) {
    case "starting ready":
    case "running ready":
    case "running fresh":
      return [{ ...memory, phase: "running", stale: 0 }, watch];
    case "starting crashed":
    case "running crashed":
      return crashed(memory, (event as { how: string }).how, now, policy);
    case "running stale": {
      if (stale + 1 < STALE_LOOKS) return [{ ...memory, stale: stale + 1 }, watch];
      const age = Math.round((event as { ageS: number }).ageS);
      return [
        { ...memory, stale: 0 },
        { kind: "kill", how: `hung (no heartbeat for ${age} s) and was killed` },
      ];
    }
    case "waiting due":
      return [{ ...memory, phase: "starting", stale: 0 }, { kind: "start" }];
    case "running ended":
      return end("is-gone");
    case "starting stop":
    case "running stop":
      return end("stop");
    case "waiting stop":
    case "waiting release":
      return end("is-gone");
    case "starting release":
    case "running release":
      return end("leave");
    case "starting evicted":
    case "running evicted":
      return end("stop", 1);
    default:
      throw new Error(`"${event.kind}" cannot happen to a watchdog that is ${phase}`);
  }
}

/**
 * Only restarts within the window count, so a daemon that ran well for that long begins again with the shortest wait.
 */
function crashed(memory: Memory, how: string, now: number, policy: RestartPolicy): Step {
  const restarts = recentRestarts(memory.restarts, now, policy);
  const attempt = restarts.length + 1;
  if (attempt > policy.limit) {
    return [
      { ...memory, restarts },
      { kind: "give-up", restarts: restarts.length, how },
    ];
  }
  const ms = policy.baseMs * 2 ** restarts.length;
  return [
    { phase: "waiting", restarts: [...restarts, now], stale: 0 },
    { kind: "wait", ms, attempt, how },
  ];
}

/** The restarts that still count. Those of the future are of another boot of the machine. Pure. */
export function recentRestarts(restarts: readonly number[], now: number, policy: RestartPolicy): number[] {
  return restarts.filter((at) => at <= now && now - at < policy.windowMs);
}
