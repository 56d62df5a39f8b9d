import { AGENT_STATES, AGENT_WAITS, type AgentSource, type AgentState, type AgentWait } from "../agents/told.ts";
import { AppError } from "../lib/errors.ts";
import { atOnce } from "../process/identity.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { AGENT_VARIABLES, agentOfPane, type PaneAgent } from "../verdict/agent.ts";
import type { AgentFollower, SeenAgent } from "./interest.ts";
import { subscriptionType, type Tell } from "./type.ts";

/** The states that are told: that it is not known what an agent does is none. */
const TOLD_STATES = AGENT_STATES.filter((state) => state !== "unknown");

/** Changes of what the coding agent in a pane does. */
export const agentState = subscriptionType({
  name: "agent-state",
  pane: "required",
  details: { states: { kind: "text", isOptional: true } },
  help: 'each change of what the coding agent there does: of any state with "", or of those named: waiting, or waiting,failed,dead',
  read({ states }) {
    if (states === undefined) return {};
    for (const state of states.split(",")) if (!TOLD_STATES.some((known) => known === state)) throw unknownState(state);
    return { pattern: states };
  },
  begin: ({ server, id }) => progressOf(agentNow(server, id)),
  fires: { by: "agent", follow: ({ pattern, progress }, tell) => new AgentStates(pattern, progress, tell) },
});

/** Whether that is a subscription which tells of a state. Pure. */
export function tellsState({ type, pattern }: { type: string; pattern: string | null }, state: AgentState): boolean {
  return type === agentState.name && isAmong(state, pattern);
}

function isAmong(state: AgentState, states: string | null): boolean {
  return states === null || states.split(",").includes(state);
}

/** What was told last, or would have been but for the states that are wanted. */
interface Known extends SeenAgent {
  state: AgentState;
  for: AgentWait | null;
  /** of `waiting`: since when, where the agent itself or its hook tells that, so that it is another time for the next request */
  since: number | null;
}

/** Follows an agent from one look to the next, and tells each change once. What no look has seen is not told. */
export class AgentStates implements AgentFollower {
  /** what was seen last, of which more is mostly known a moment later */
  private vague = "";
  /** null: there was none; undefined: nothing is known, so what is seen first is no change */
  private known: Known | null | undefined;

  /**
   * @param states those that are wanted, with commas between; null: all
   * @param progress how far it has got
   */
  constructor(
    private readonly states: string | null,
    progress: string | null,
    private readonly tell: Tell,
  ) {
    this.known = readProgress(progress);
  }

  get last(): SeenAgent | undefined {
    return this.known ?? undefined;
  }

  seen(agent: PaneAgent | "ended" | undefined): void {
    const before = this.known;
    const now = agent === "ended" ? undefined : known(agent);
    if (!agent || agent === "ended" || !now) {
      if (before === undefined || (before && agent === "ended")) this.progressed(null);
      return;
    }
    const isSame = before?.pid === now.pid && before.startTime === now.startTime;
    if (isSame && isToldBy(before, now)) {
      this.vague = "";
      const { isEndTold, isHeard } = now;
      const more = { for: before.for ?? now.for, since: before.since ?? now.since };
      const full = { ...before, ...more, isEndTold, isHeard };
      if (JSON.stringify(full) !== JSON.stringify(before)) this.progressed(full);
      return;
    }
    const vague = before && isVague(before, now) ? JSON.stringify(now) : "";
    const isNews = vague !== "" && vague !== this.vague;
    this.vague = vague;
    if (isNews) return; // it is told at the next look
    if (before === undefined || !this.isWanted(now.state)) {
      this.progressed(now);
      return;
    }
    this.known = now;
    const progress = progressOf(agent);
    this.tell.fire({
      message: agentMessage(now),
      details: {
        state: now.state,
        for: now.for,
        former: isSame ? before.state : null,
        kind: now.kind,
        pid: now.pid,
        conversation: agent.conversation ?? null,
        source: agent.verdict.source,
        certain: agent.verdict.isCertain,
      },
      progress: () => progress,
    });
  }

  private progressed(now: Known | null): void {
    this.known = now;
    this.tell.progressed(JSON.stringify(now));
  }

  private isWanted(state: AgentState): boolean {
    return isAmong(state, this.states);
  }
}

/** Whether what a hook tells a moment later is more: what is waited for, how the turn ended, or that it was to end. Pure. */
function isVague(before: Known, now: Known): boolean {
  if (now.state === "waiting") return now.for === null;
  if (now.state === "dead") return before.isEndTold || before.isHeard;
  return now.state === "idle" && (before.state === "working" || before.state === "waiting");
}

/** Whether what is seen has been told, be it that more was known then, or that what is waited for is known only now. Pure. */
function isToldBy(before: Known, now: Known): boolean {
  const isOver = before.state === "done" || before.state === "failed";
  if (now.state === "starting" || (now.state === "idle" && isOver)) return true;
  return before.state === now.state && isNoOther(before.for, now.for) && isNoOther(before.since, now.since);
}

/** Of two things that are known or not, whether they may be the same. */
function isNoOther<T>(one: T | null, other: T | null): boolean {
  return one === other || one === null || other === null;
}

/**
 * What is told of an agent: undefined for none, and for what is not known for certain, unless it is a dialog that it shows. What its
 * hook has said a moment ago, and nothing else shows yet, will be certain in a moment, or was wrong.
 */
function known(agent: PaneAgent | undefined): Known | undefined {
  if (!agent) return undefined;
  const { verdict } = agent;
  if (!verdict.isCertain && verdict.source !== "screen") return undefined;
  return { ...seenAgent(agent), state: verdict.state, for: verdict.for, since: askedAt(agent) };
}

/** Only what decides is believed: a status has the time of its note, which is another one after a gap. */
function askedAt({ verdict: { state, source }, readings }: PaneAgent): number | null {
  if (state !== "waiting" || (source !== "file" && source !== "hook")) return null;
  return readings.find((reading) => reading.source === source)?.told?.since ?? null;
}

/** Which agent it is. */
export function seenAgent({ kind, pid, startTime, readings }: PaneAgent): SeenAgent {
  const isToldBy = (by: AgentSource) => readings.some(({ source, told }) => source === by && told !== undefined);
  return { kind, pid, startTime, isEndTold: isToldBy("hook"), isHeard: isToldBy("status") };
}

function progressOf(agent: PaneAgent | undefined): string {
  return JSON.stringify(known(agent) ?? null);
}

/** What an agent does, in words. Pure. */
export function agentMessage({
  kind,
  state,
  for: wait,
}: {
  kind: string;
  state: AgentState;
  for: AgentWait | null;
}): string {
  if (state === "working") return `${kind} works`;
  if (state === "waiting") return `${kind} waits${wait === null ? "" : ` for ${WORDS[wait]}`}`;
  if (state === "starting") return `${kind} starts`;
  if (state === "failed") return `${kind} has failed`;
  return `${kind} is ${state}`;
}

const WORDS: Record<AgentWait, string> = {
  permission: "a permission",
  question: "an answer",
  trust: "a decision on trust",
};

/** Undefined for none, and for what progressOf has not written. */
function readProgress(progress: string | null): Known | null | undefined {
  try {
    const value = JSON.parse(progress ?? "");
    if (value === null) return null;
    const { kind, pid, startTime, isEndTold, state, for: wait, since } = value;
    const isRead = typeof kind === "string" && typeof pid === "number" && typeof startTime === "number";
    const isState = AGENT_STATES.includes(state) && (wait === null || AGENT_WAITS.includes(wait));
    if (!isRead || !isState) return undefined;
    // what was noted by the daemon that wrote this counts no longer
    const isHeard = false;
    const asked = typeof since === "number" ? since : null;
    return { kind, pid, startTime, isEndTold: isEndTold === true, isHeard, state, for: wait, since: asked };
  } catch {
    return undefined;
  }
}

/** The agent that a pane has now. Throws as tmux(). */
function agentNow(server: TmuxServer, pane: string): PaneAgent | undefined {
  const variables = ["pane_pid", "pane_dead", "version", ...AGENT_VARIABLES] as const;
  const [row] = parseRows(variables, tmux(server, [["display-message", "-p", "-t", pane, rowFormat(variables)]]));
  if (!row) return undefined;
  const agent = atOnce(() => agentOfPane(row));
  return agent?.withScreen?.(tmux(server, [["capture-pane", "-p", "-t", pane]]).split("\n")) ?? agent;
}

function unknownState(state: string): AppError {
  const what = state === "unknown" ? "is never told: nothing is known then" : "is not a state of an agent";
  return new AppError("ERR_INVALID_ARGUMENT", `"${state}" ${what}`, {
    hint: `Give some of these, with commas between: ${TOLD_STATES.join(", ")}\nIf it is the callback, put "" before it: any state.`,
  });
}
