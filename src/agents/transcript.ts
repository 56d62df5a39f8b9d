import { readOwnTail } from "../lib/files.ts";
import type { Prompts, Said } from "./agent.ts";
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
  return conversation === undefined ? undefined : fileOf({ kind, pid }, conversation);
}

function fileOf({ kind, pid }: Pick<Speaker, "kind" | "pid">, conversation: string): string | undefined {
  const prompts = kindNamed(kind)?.prompts;
  const process = agentProcess(pid);
  const home = process?.variable("HOME");
  if (!prompts?.transcript || !process || home === undefined) return undefined;
  return prompts.transcript(conversation, home, process.variable);
}

/**
 * The conversation in which an agent has taken a prompt: its own, or, where nothing tells that, the only one that keeps such a prompt.
 * That it has taken it this does not tell: another one may have been given the same.
 * @param since ms since the epoch
 */
export function conversationGiven(speaker: Speaker, prompt: string, since: number): string | undefined {
  const { givenIn } = kindNamed(speaker.kind)?.prompts ?? {};
  if (speaker.conversation !== undefined || !givenIn) return speaker.conversation;
  const file = fileOf(speaker, "");
  return file === undefined ? undefined : givenIn(file, prompt, since);
}

/**
 * What an agent has said last, by its transcript; undefined where that tells nothing, or nothing since.
 * @param since ms since the epoch
 * @param path where that is (see transcriptOf)
 */
export function lastSaid(speaker: Speaker, since = 0, path = transcriptOf(speaker)): Said | undefined {
  const { kind, conversation } = speaker;
  const prompts = kindNamed(kind)?.prompts;
  if (!prompts || path === undefined || conversation === undefined) return undefined;
  const said = prompts.lastSaid ? prompts.lastSaid(path, conversation) : lastIn(path, prompts);
  return said && said.at >= since ? said : undefined;
}

function lastIn(path: string, { said }: Prompts): Said | undefined {
  for (const line of readOwnTail(path, TAIL_BYTES)?.trimEnd().split("\n").reverse() ?? []) {
    const found = said?.(parsed(line));
    if (found) return found;
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
