import {
  atOnce,
  commandLine,
  isOwn,
  type ProcessId,
  type ProcessStat,
  processStat,
  terminalOf,
} from "../process/identity.ts";
import { type AgentName, agentNameOf, argumentsOf } from "./names.ts";

/** An agent that has a terminal, in its foreground. */
export interface AgentAbove extends ProcessId {
  /** the path of its terminal */
  terminal: string;
  /** its own pid, and those of its ancestors in that terminal: the program of its pane is among them */
  line: number[];
}

/**
 * The agent that has started this process, as agents start their hooks: the nearest of its ancestors that is any agent.
 * Undefined unless that one is of this kind and this user's, has the foreground of its terminal, and was not itself started by
 * another agent there, which has the pane then; but a program of the same kind that has passed on to it what it was given is
 * no other one, as packages and gemini have it.
 */
export function agentAbove(kind: AgentName): AgentAbove | undefined {
  return atOnce(() => findAbove(kind));
}

function findAbove(kind: AgentName): AgentAbove | undefined {
  let agent = process.ppid > 1 ? processStat(process.ppid) : undefined;
  let words = agent && commandLine(agent.pid);
  while (agent && words && agentNameOf(words) === undefined) {
    agent = parentOf(agent);
    words = agent && commandLine(agent.pid);
  }
  if (!agent || !words || agentNameOf(words) !== kind || !isOwn(agent.pid)) return undefined;
  const terminal = agent.tpgid === agent.pgrp ? terminalOf(agent.pid) : undefined;
  if (terminal === undefined) return undefined;
  const line = [agent.pid];
  for (let above = parentInPane(agent); above?.tpgid === agent.tpgid; above = parentInPane(above)) {
    const others = commandLine(above.pid);
    const name = agentNameOf(others);
    if (name !== undefined && (name !== kind || argumentsOf(others) !== argumentsOf(words))) return undefined;
    line.push(above.pid);
  }
  return { pid: agent.pid, startTime: agent.startTime, terminal, line };
}

/** The program of a pane leads its session, and has nothing in that pane above it. */
function parentInPane(stat: ProcessStat): ProcessStat | undefined {
  return stat.session === stat.pid ? undefined : parentOf(stat);
}

/** Undefined for what the first process of all has started. */
function parentOf({ ppid }: ProcessStat): ProcessStat | undefined {
  return ppid > 1 ? processStat(ppid) : undefined;
}
