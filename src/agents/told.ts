/** What an agent does; `unknown` where nothing certain tells it, which is never taken for idle. */
export const AGENT_STATES = ["starting", "working", "waiting", "idle", "done", "failed", "dead", "unknown"] as const;

/** What an agent does. `done`: idle, and its last turn ended; `failed`: idle, and its last turn ended with an error. */
export type AgentState = (typeof AGENT_STATES)[number];

/** In these it needs somebody, or nothing more will come of it. */
export const SETTLED_STATES = AGENT_STATES.filter((state) => !["starting", "working", "unknown"].includes(state));

/** What an agent that waits may wait for: leave to do something, an answer, or what holds for good: trust in a folder, in hooks, in itself. */
export const AGENT_WAITS = ["permission", "question", "trust"] as const;

/** What an agent waits for. */
export type AgentWait = (typeof AGENT_WAITS)[number];

/** What one source tells of an agent. */
export interface Told {
  state: AgentState;
  /** of `waiting` alone */
  for?: AgentWait;
  /** since when, where it tells that: ms since the epoch */
  since?: number;
  /** of `working`, how far it has got, where it tells that */
  percent?: number;
}

/**
 * Where something is told: by the agent in its output (see program-status.ts), in a file that it keeps about itself, by its hooks, in
 * the title that it sets, by what it shows, or by its progress bar (see progress-bar.ts).
 */
export const AGENT_SOURCES = ["status", "file", "hook", "title", "screen", "progress"] as const;

/** Where something of an agent is told. */
export type AgentSource = (typeof AGENT_SOURCES)[number];
