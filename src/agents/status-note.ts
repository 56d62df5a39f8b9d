import { isDigits } from "../lib/names.ts";
import type { ProcessId } from "../process/identity.ts";
import { type AgentNote, agentNoteText, readAgentNote } from "./note.ts";

// What an agent tells in its output is heard by a daemon alone, which notes it in an option of the pane for whoever asks next. It has
// an option of its own: what a hook notes there is another source, and each may be late. It counts only for the process that had
// the pane when it was heard, and as long as that very daemon listens: what comes later, nobody would note.

/** The value of AGENT_STATUS_OPTION: a note (see agentNoteText), and the process that listens: its pid, and when it was started. Pure. */
export function statusNoteText(note: AgentNote, listener: ProcessId): string {
  return `${agentNoteText(note)} ${listener.pid} ${listener.startTime}`;
}

/** Reads the value of AGENT_STATUS_OPTION; undefined where it is not one, and where nobody listens any more. */
export function readStatusNote(text: string, isAlive: (listener: ProcessId) => boolean): AgentNote | undefined {
  const words = text.split(" ");
  const [pid = "", startTime = ""] = words.splice(-2);
  if (!isDigits(pid) || !isDigits(startTime)) return undefined;
  const note = readAgentNote(words.join(" "));
  return note && isAlive({ pid: Number(pid), startTime: Number(startTime) }) ? note : undefined;
}
