import { type AgentNote, agentNoteText, readAgentNote } from "./note.ts";

// What hooks tell goes into the log of events as well. To write there would cost a hook more than all that it does, so it leaves each
// change beside its note, in another option of the pane, in the same call to tmux; a daemon, which it wakes by that, takes it from
// there. Where none runs, the last of them wait for the next one.

/** So many characters wait at most: a dozen changes. */
export const HOOK_LOG_MAX = 1000;

/** A change that a hook has told, or that the agent's session ends. */
export interface HookLogEntry extends AgentNote {
  isEnd: boolean;
}

/** An entry of HOOK_LOG_OPTION, which has a comma before each: an agent's note, with `end` for the state where it ends. Pure. */
export function hookLogText(note: AgentNote, isEnd: boolean): string {
  const text = agentNoteText(note);
  return isEnd ? text.replace(` ${note.state} `, " end ") : text;
}

/** The entries in the value of HOOK_LOG_OPTION, the oldest first; what is none, as the rest of one that was cut off, is left out. Pure. */
export function readHookLog(text: string): HookLogEntry[] {
  return text.split(",").flatMap((entry) => {
    const isEnd = entry.split(" ")[3] === "end";
    const note = readAgentNote(isEnd ? entry.replace(" end ", " idle ") : entry);
    return note ? [{ ...note, isEnd }] : [];
  });
}
