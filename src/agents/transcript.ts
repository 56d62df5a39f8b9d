import { readTail } from "../lib/files.ts";
import type { Said } from "./agent.ts";
import { agentProcess } from "./process.ts";
import { kindNamed } from "./table.ts";

/** The end of a transcript is looked at, so many bytes of it: what a tool has told may come after what was said. */
const TAIL_BYTES = 256 * 1024;

/**
 * What an agent has said last in its conversation, by the file that it keeps of that; undefined where it keeps none, or has said
 * nothing since.
 * @param since ms since the epoch
 */
export function lastSaid(
  agent: { kind: string; pid: number; conversation: string | undefined },
  since = 0,
): Said | undefined {
  const prompts = kindNamed(agent.kind)?.prompts;
  const process = agentProcess(agent.pid);
  const home = process?.variable("HOME");
  if (!prompts?.transcript || !process || home === undefined || agent.conversation === undefined) return undefined;
  const path = prompts.transcript(agent.conversation, home, process.variable);
  if (path === undefined) return undefined;
  for (const line of readTail(path, TAIL_BYTES).trimEnd().split("\n").reverse()) {
    const said = prompts.said?.(parsed(line));
    if (said) return said.at >= since ? said : undefined;
  }
  return undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // cut off, or being written
  }
}
