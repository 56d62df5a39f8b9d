import { atOnce, commandLine, processStat } from "../process/identity.ts";
import { livingProcesses } from "../process/tree.ts";
import type { AgentKind, AgentProcess } from "./agent.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { gemini } from "./gemini.ts";
import { agentNameOf, argumentsOf } from "./names.ts";
import { opencode } from "./opencode.ts";
import { agentProcess, ownProcesses } from "./process.ts";
import { nameOf, programOf } from "./program.ts";
import type { Told } from "./told.ts";

/** The kinds of coding agents that are known. */
export const AGENTS: readonly AgentKind[] = [claude, codex, gemini, opencode, copilot];

/** An agent, and the conversation that it has, where something certain tells it. */
export interface Agent {
  kind: AgentKind;
  process: AgentProcess;
  conversation: string | undefined;
}

/** The agent that a process is, be it that it only starts the agent's program with what it was given itself, as packages have it. */
export function agentOf(process: AgentProcess): Agent | undefined {
  const kind = kindOf(process.argv);
  const ask = (one: AgentProcess) => kind?.conversationOf(one);
  return kind && { kind, process, conversation: ask(process) ?? askSameBelow(process, kind, ask) };
}

/** What an agent says of itself in a file that it keeps, be it that only what it has started does, and where that is, or would be. */
export function fileOf({ kind, process }: Pick<Agent, "kind" | "process">): { told?: Told; path: string | undefined } {
  const ask = (one: AgentProcess) => {
    const told = kind.fileOf?.(one);
    return told && { told, path: kind.fileAt?.(one) };
  };
  if (!kind.fileOf) return { path: undefined };
  return ask(process) ?? askSameBelow(process, kind, ask) ?? { path: kind.fileAt?.(process) };
}

/** The agent that a process is, by its pid, or that it was told to find and start (`npx`). */
export function agentIn(pid: number): Agent | undefined {
  const process = agentProcess(pid);
  if (!process) return undefined;
  if (!isFinder(process.argv)) return agentOf(process);
  const started = atOnce(() => startedBy(pid));
  return started && agentOf(started);
}

/** The kind of that name. */
export function kindNamed(name: string): AgentKind | undefined {
  return AGENTS.find((kind) => kind.name === name);
}

/** Whether a living process of this user has a conversation: opened once more, both would write in it. */
export function livingConversation(kind: AgentKind, conversation: string): boolean {
  return ownProcesses((argv) => kindOf(argv) === kind).some((process) => kind.conversationOf(process) === conversation);
}

/** The kind of agent that a command line starts. Pure. */
export function kindOf(argv: readonly string[]): AgentKind | undefined {
  const name = agentNameOf(argv);
  return name && kindNamed(name);
}

/** What the one child says that was given the same arguments. */
function askSameBelow<T>(
  { pid, argv }: AgentProcess,
  kind: AgentKind,
  ask: (process: AgentProcess) => T | undefined,
): T | undefined {
  const given = argumentsOf(argv);
  const isSame = (other: readonly string[]) => kindOf(other) === kind && argumentsOf(other) === given;
  const [child, ...others] = ownProcesses(isSame, pid);
  return child && others.length === 0 ? ask(child) : undefined;
}

/** What finds a package's program, and waits for its end; npm writes over its command line that it does. */
function isFinder(argv: readonly string[]): boolean {
  const program = programOf(argv);
  if (!program) return false;
  return program.path.startsWith("npm exec ") || ["npx", "npx-cli", "bunx", "pnpm", "pnpx"].includes(nameOf(program));
}

/** The one agent in a process's group that no other of them has started. */
function startedBy(pid: number): AgentProcess | undefined {
  const group = processStat(pid)?.pgrp;
  const family = livingProcesses().filter(({ pgrp }) => pgrp === group);
  const agents = family.filter((stat) => stat.pid !== pid && kindOf(commandLine(stat.pid)));
  const pids = new Set(agents.map((stat) => stat.pid));
  const [first, ...others] = agents.filter(({ ppid }) => !pids.has(ppid));
  return first && others.length === 0 ? agentProcess(first.pid) : undefined;
}
