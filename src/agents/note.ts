import { isDigits } from "../lib/names.ts";
import { AGENT_STATES, AGENT_WAITS, type Told } from "./told.ts";
import { CONVERSATION } from "./uuid.ts";

// What an agent's hooks tell is kept in an option of its pane, for whoever asks next: a line of words, none of which means
// anything to tmux. It counts only for the very process that it names.

/** What an agent's hook has told last. */
export interface AgentNote extends Told {
  /** the agent's kind: `claude` */
  kind: string;
  /** the agent's process, and when it was started, as the kernel counts */
  pid: number;
  startTime: number;
  /** when it was told: ms since the epoch */
  since: number;
  /** the id of its conversation, where that is one as agents make them */
  conversation?: string;
}

/** The value of AGENT_OPTION: `KIND PID STARTTIME STATE FOR SINCE CONVERSATION`, each of the last without a value as `-`. Pure. */
export function agentNoteText(note: AgentNote): string {
  const { kind, pid, startTime, state, since, conversation = "" } = note;
  const id = CONVERSATION.test(conversation) ? conversation : "-";
  return [kind, pid, startTime, state, note.for ?? "-", since, id].join(" ");
}

/** Reads the value of AGENT_OPTION; undefined where it is not one, or damaged. Pure. */
export function readAgentNote(text: string): AgentNote | undefined {
  const words = text.split(" ");
  const [kind = "", pid = "", startTime = "", stateWord, waitWord, since = "", id = ""] = words;
  const state = AGENT_STATES.find((one) => one === stateWord);
  const wait = AGENT_WAITS.find((one) => one === waitWord);
  if (words.length !== 7 || kind === "" || state === undefined) return undefined;
  if (![pid, startTime, since].every(isDigits) || (wait === undefined && waitWord !== "-")) return undefined;
  return {
    kind,
    pid: Number(pid),
    startTime: Number(startTime),
    state,
    ...(wait !== undefined && { for: wait }),
    since: Number(since),
    ...(CONVERSATION.test(id) && { conversation: id }),
  };
}
