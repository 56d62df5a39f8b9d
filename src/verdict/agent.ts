import type { AgentNote } from "../agents/note.ts";
import { readAgentNote } from "../agents/note.ts";
import { progressBy, readProgressNote } from "../agents/progress-bar.ts";
import { shownOn } from "../agents/screen.ts";
import { readStatusNote } from "../agents/status-note.ts";
import { type Agent, agentIn, fileOf, kindNamed } from "../agents/table.ts";
import type { AgentSource, AgentState, Told } from "../agents/told.ts";
import { fs } from "../lib/builtin.ts";
import { baseName } from "../lib/names.ts";
import { ageS, atOnce, hasEnded, isAlive, isPidTaken, type ProcessId, processStat } from "../process/identity.ts";
import { linkTarget } from "../process/proc-table.ts";
import type { ProcessStat } from "../process/process-table.ts";
import { foregroundJob, groupBelow, isBorder, livingProcesses, mayHaveChildren } from "../process/tree.ts";
import { AGENT_OPTION, AGENT_STATUS_OPTION, PROGRESS_OPTION } from "../tmux/options.ts";
import { type AgentReading, type AgentVerdict, isScreenWanted, judgeAgent } from "./agent-rule.ts";

/** What tmux is to tell of a pane for it, beside its `pane_pid`, and whether it is `pane_dead`. */
export const AGENT_VARIABLES = ["pane_title", AGENT_OPTION, AGENT_STATUS_OPTION, PROGRESS_OPTION] as const;

type AgentRow = Record<(typeof AGENT_VARIABLES)[number] | "pane_pid" | "pane_dead", string>;

/** A coding agent in a pane. */
export interface PaneAgent {
  /** `claude` */
  kind: string;
  pid: number;
  /** when its process was started, as the kernel counts */
  startTime: number;
  conversation: string | undefined;
  /** the folder that it runs in, where the kernel tells it */
  cwd: string | undefined;
  verdict: AgentVerdict;
  /** the file that it keeps about itself, or would */
  file: string | undefined;
  /** what each of its sources told, the best first; undefined for one that told nothing */
  readings: { source: AgentSource; told: Told | undefined }[];
  /** given the rows of its screen, or undefined where they can't be had, what they add; undefined where they would not */
  withScreen: ((rows: readonly string[] | undefined) => PaneAgent) | undefined;
}

/** The agent that has a pane's terminal, or that had it and was ended; undefined where there is none. To be asked within atOnce(). */
export function agentOfPane(told: AgentRow): PaneAgent | undefined {
  const now = Date.now();
  const note = readAgentNote(told[AGENT_OPTION]);
  const status = readStatusNote(told[AGENT_STATUS_OPTION], isAlive);
  const agent = told.pane_dead === "1" ? undefined : agentInFront(Number(told.pane_pid));
  const last = note ?? status;
  if (!agent) {
    const isKilled = last && !kindNamed(last.kind)?.hasLeft?.(told.pane_title) && hasEnded(last);
    return isKilled ? endedAgent(last) : undefined;
  }
  const { kind, process, conversation } = agent;
  const cwd = linkTarget(`/proc/${process.pid}/cwd`);
  const own = (one: AgentNote | undefined) => (one?.kind === kind.name && isOneOf(one, process.pid) ? one : undefined);
  const hook = own(note);
  const { pid, startTime } = process;
  const { told: file, path } = fileOf(agent);
  const facts = { kind: kind.name, pid, startTime, conversation: conversation ?? hook?.conversation, cwd, file: path };
  const ageMs = ageS(pid) * 1000;
  // asked after its age: however long this was held up between, it had started by then
  const startedBy = Date.now() - ageMs;
  // what its process group did before it came is nothing of it
  const bar = readProgressNote(told[PROGRESS_OPTION], isAlive);
  const isItsBar = bar !== undefined && bar.since >= startedBy && isOneOf(bar, pid);
  const sources = [...kind.sources, "progress"] as const;
  const reading: AgentReading = {
    sources,
    status: own(status),
    file,
    hook,
    title: kind.titled?.(told.pane_title, baseName(cwd ?? "")),
    progress: isItsBar ? progressBy(bar) : undefined,
    ageMs,
    untold: kind.untold,
  };
  const judged = (full: AgentReading): PaneAgent => ({
    ...facts,
    verdict: judgeAgent(full, now),
    readings: sources.map((source) => ({ source, told: full[source] })),
    withScreen: undefined,
  });
  const first = judged(reading);
  const { screens } = kind;
  if (!screens || !isScreenWanted(first.verdict, kind.asksWhileIdle)) return first;
  const unseen = { ...reading, isUnseen: kind.asksWhileIdle === true };
  const withScreen: PaneAgent["withScreen"] = (rows) =>
    rows ? judged({ ...reading, screen: shownOn(screens, rows) }) : { ...judged(unseen), withScreen };
  return { ...first, withScreen };
}

/**
 * What it costs little to look at: as long as that is the same, so is what agentOfPane() makes of it, but for what the passing of time,
 * what the pane shows, and what is started in its foreground change.
 * @param agent the one that was there at the last look
 */
export function tracesOf(told: AgentRow, agent: PaneAgent | undefined): string {
  const {
    pane_pid: pid,
    pane_dead: isDead,
    pane_title: title,
    [AGENT_OPTION]: option,
    [AGENT_STATUS_OPTION]: status,
    [PROGRESS_OPTION]: bar,
  } = told;
  const kind = agent && kindNamed(agent.kind);
  // a title may have a spinner in it
  const said = kind ? kind.titled?.(title, baseName(agent.cwd ?? "")) : title;
  const stat = processStat(Number(pid));
  const pids = [agent?.pid, readAgentNote(option)?.pid];
  const file = agent?.file === undefined ? undefined : fs().statSync(agent.file, { throwIfNoEntry: false });
  return JSON.stringify([
    [isDead, said, option, status, bar],
    [stat?.startTime, stat?.pgrp, stat?.tpgid, ...pids.map((one) => one !== undefined && isPidTaken(one))],
    [file?.ino, file?.mtimeMs, file?.size],
  ]);
}

/** The agent that has the terminal of a pane, by the pid of the program that was started there. */
export function agentInPane(pid: number): Agent | undefined {
  return atOnce(() => agentInFront(pid));
}

/** Of what has the terminal, the first that is an agent: what that has started is no other one. */
function agentInFront(pid: number): Agent | undefined {
  const own = processStat(pid);
  if (!own) return undefined;
  const isEnd = ({ pid: one }: ProcessStat) => isBorder(one);
  if (own.tpgid === own.pgrp) {
    const agent = agentIn(pid);
    // most panes have a shell at its prompt: of all other processes nothing need be read for it, which takes longest
    if (agent || !mayHaveChildren(pid)) return agent;
  }
  const all = livingProcesses();
  const job = own.tpgid === own.pgrp ? groupBelow(all, own, isEnd) : foregroundJob(all, pid, isEnd);
  for (const stat of job) {
    const agent = agentIn(stat.pid);
    if (agent) return agent;
  }
  return undefined;
}

/** Whether a hook was called by a process, or by what that has passed on to what it was given, as packages do. */
function isOneOf({ pid, startTime }: ProcessId, agent: number): boolean {
  const processes = livingProcesses();
  const caller = processes.find((stat) => stat.pid === pid && stat.startTime === startTime);
  return caller !== undefined && caller.pgrp === processes.find((stat) => stat.pid === agent)?.pgrp;
}

/** An agent that was seen or noted, and has ended. */
export function endedAgent(
  known: Pick<PaneAgent, "kind" | "pid" | "startTime"> & { conversation?: string | undefined },
): PaneAgent {
  const { kind, pid, startTime, conversation } = known;
  const because = "its process has ended, and told nothing of that";
  const state: AgentState = "dead";
  const verdict: AgentVerdict = { state, for: null, since: null, source: "process", isCertain: true, because };
  const nothing = { cwd: undefined, file: undefined, readings: [], withScreen: undefined };
  return { kind, pid, startTime, conversation, verdict, ...nothing };
}
