import type { AgentNote } from "../agents/note.ts";
import { readAgentNote } from "../agents/note.ts";
import { shownOn } from "../agents/screen.ts";
import { type Agent, agentIn, fileOf } from "../agents/table.ts";
import type { AgentSource, AgentState, Told } from "../agents/told.ts";
import { baseName } from "../lib/names.ts";
import { ageS, hasEnded, processStat } from "../process/identity.ts";
import { linkTarget } from "../process/proc-table.ts";
import { foregroundJob, isBorder, livingProcesses } from "../process/tree.ts";
import { AGENT_OPTION } from "../tmux/options.ts";
import type { PlacedPane } from "../tmux/panes.ts";
import { type AgentReading, type AgentVerdict, isScreenWanted, judgeAgent } from "./agent-rule.ts";

/** What tmux is to tell of a pane for it. */
export const AGENT_VARIABLES = ["pane_title", AGENT_OPTION] as const;

/** A coding agent in a pane. */
export interface PaneAgent {
  /** `claude` */
  kind: string;
  pid: number;
  conversation: string | undefined;
  /** the folder that it runs in, where the kernel tells it */
  cwd: string | undefined;
  verdict: AgentVerdict;
  /** what each of its sources told, the best first; undefined for one that told nothing */
  readings: { source: AgentSource; told: Told | undefined }[];
  /** given the rows of its screen, what they add; undefined where they would not */
  withScreen: ((rows: readonly string[]) => PaneAgent) | undefined;
}

/** The agent that has a pane's terminal, or that had it and was ended; undefined where there is none. To be asked within atOnce(). */
export function agentOfPane(
  pane: Pick<PlacedPane, "pid" | "isDead">,
  told: Record<(typeof AGENT_VARIABLES)[number], string>,
): PaneAgent | undefined {
  const now = Date.now();
  const note = readAgentNote(told[AGENT_OPTION]);
  const agent = pane.isDead ? undefined : agentInFront(pane.pid);
  if (!agent) return note && hasEnded(note) ? ended(note) : undefined;
  const { kind, process, conversation } = agent;
  const cwd = linkTarget(`/proc/${process.pid}/cwd`);
  const hook = note?.kind === kind.name && isOneOf(note, process.pid) ? note : undefined;
  const facts = { kind: kind.name, pid: process.pid, conversation: conversation ?? hook?.conversation, cwd };
  const reading: AgentReading = {
    sources: kind.sources,
    file: fileOf(agent),
    hook,
    title: kind.titled?.(told.pane_title, baseName(cwd ?? "")),
    ageMs: ageS(process.pid) * 1000,
  };
  const judged = (full: AgentReading): PaneAgent => ({
    ...facts,
    verdict: judgeAgent(full, now),
    readings: kind.sources.map((source) => ({ source, told: full[source] })),
    withScreen: undefined,
  });
  const first = judged(reading);
  const { screens } = kind;
  if (!screens || !isScreenWanted(first.verdict)) return first;
  return { ...first, withScreen: (rows) => judged({ ...reading, screen: shownOn(screens, rows) }) };
}

/** Of what has the terminal, the first that is an agent: what that has started is no other one. */
function agentInFront(pid: number): Agent | undefined {
  const own = processStat(pid);
  if (!own) return undefined;
  // most panes have a shell at its prompt: of all other processes nothing need be read for it, which takes longest
  if (own.tpgid === own.pgrp) return agentIn(pid);
  const job = foregroundJob(livingProcesses(), pid, ({ pid: one }) => isBorder(one));
  for (const stat of job) {
    const agent = agentIn(stat.pid);
    if (agent) return agent;
  }
  return undefined;
}

/** Whether a hook was called by a process, or by what that has passed on to what it was given, as packages do. */
function isOneOf({ pid, startTime }: AgentNote, agent: number): boolean {
  const processes = livingProcesses();
  const caller = processes.find((stat) => stat.pid === pid && stat.startTime === startTime);
  return caller !== undefined && caller.pgrp === processes.find((stat) => stat.pid === agent)?.pgrp;
}

function ended({ kind, pid, conversation }: AgentNote): PaneAgent {
  const because = "its process has ended, and told nothing of that";
  const state: AgentState = "dead";
  const verdict: AgentVerdict = { state, for: null, since: null, source: "process", isCertain: true, because };
  return { kind, pid, conversation, cwd: undefined, verdict, readings: [], withScreen: undefined };
}
