import { readOwnTail } from "../lib/files.ts";
import type { Said } from "./agent.ts";
import { agentProcess } from "./process.ts";
import { kindNamed } from "./table.ts";

/** The end of a transcript is looked at, so many bytes of it: what a tool has told may come after what was said. */
const TAIL_BYTES = 256 * 1024;

/** Whose transcript is meant. */
interface Speaker {
  kind: string;
  pid: number;
  conversation: string | undefined;
}

/** The file that an agent keeps of its conversation; undefined where it keeps none, or has not begun to. */
export function transcriptOf({ kind, pid, conversation }: Speaker): string | undefined {
  const prompts = kindNamed(kind)?.prompts;
  const process = agentProcess(pid);
  const home = process?.variable("HOME");
  if (!prompts?.transcript || !process || home === undefined || conversation === undefined) return undefined;
  return prompts.transcript(conversation, home, process.variable);
}

/**
 * What an agent has said last, by its transcript; undefined where that tells nothing, or nothing since.
 * @param since ms since the epoch
 * @param path where that is (see transcriptOf)
 */
export function lastSaid(speaker: Speaker, since = 0, path = transcriptOf(speaker)): Said | undefined {
  const prompts = kindNamed(speaker.kind)?.prompts;
  const tail = path === undefined ? undefined : readOwnTail(path, TAIL_BYTES);
  for (const line of tail?.trimEnd().split("\n").reverse() ?? []) {
    const said = prompts?.said?.(parsed(line));
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
