import type { AgentFollower, SeenAgent } from "../subscriptions/interest.ts";
import { AGENT_VARIABLES, type PaneAgent, tracesOf } from "../verdict/agent.ts";

/** What tmux is asked of each pane for it: little, since it is asked once a second. */
export const WATCHED_VARIABLES = [
  "pane_id",
  "pane_pid",
  "pane_dead",
  "pid",
  "start_time",
  "version",
  ...AGENT_VARIABLES,
] as const;
/** What it tells of one. */
export type WatchedRow = Record<(typeof WATCHED_VARIABLES)[number], string>;

/** For so long after a change it is looked closely: an agent starts, and what its hook has said is shown by something better, or not. */
const SETTLE_MS = 12_000;
/** How often it is looked closely in any case. */
const CLOSE_MS = 30_000;

/** A pane, and what was seen in it at the last look. */
export interface Watched {
  server: string;
  pane: { id: string };
  followers: Map<number, AgentFollower>;
  /** undefined for no agent; and before the first look */
  agent: PaneAgent | undefined;
  /** the last one that was seen there, also by a daemon before */
  last: SeenAgent | undefined;
  traces: string;
  /** when these have last changed, and when it was last looked closely (ms of performance.now()) */
  changedAt: number;
  closeAt: number;
  hasWritten: boolean;
  /** whether what it shows would tell more, or that there is an agent by now */
  isShown: boolean;
}

/** A pane that has not been looked at. */
export function notSeen(server: string, pane: string): Watched {
  const never = Number.NEGATIVE_INFINITY;
  const nothing = {
    agent: undefined,
    last: undefined,
    traces: "",
    changedAt: never,
    closeAt: never,
    hasWritten: false,
    isShown: true,
  };
  return { server, pane: { id: pane }, followers: new Map(), ...nothing };
}

/** Whether it is to be looked more closely, which is taken to be done then. */
export function isDue(one: Watched, row: WatchedRow, hasWritten: boolean): boolean {
  const now = performance.now();
  const traces = tracesOf(row, one.agent);
  if (traces !== one.traces) one.changedAt = now;
  one.traces = traces;
  // what it shows matters only where nothing better tells
  const isDue = (hasWritten && one.isShown) || now - one.changedAt < SETTLE_MS || now - one.closeAt > CLOSE_MS;
  if (isDue) one.closeAt = now;
  return isDue;
}

/** What is there now. Whoever follows it may want to see a change once more, whatever it was seen by. */
export function saw(one: Watched, agent: PaneAgent | undefined): void {
  if (doing(agent) !== doing(one.agent)) one.changedAt = performance.now();
  one.agent = agent;
}

function doing(agent: PaneAgent | undefined): string | undefined {
  return agent && JSON.stringify([agent.pid, agent.verdict.state, agent.verdict.for]);
}
