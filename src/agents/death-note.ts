import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { AGENT_OPTION } from "../tmux/options.ts";
import { type AgentNote, agentNoteText, readAgentNote } from "./note.ts";

// That an agent was ended which never told anything by a hook is known to the daemon alone, which has seen it live: it notes that in the
// pane, where hooks note, so that whoever looks there says the same. No hook ever notes `dead`.

/**
 * The command that notes in a pane that the agent there was ended; undefined where that is known by what is noted already.
 * @param noted what stood there when that was seen: what has been noted since stays
 */
export function deathCommand(
  pane: string,
  agent: Omit<AgentNote, "state" | "for">,
  noted: string,
): TmuxCommand | undefined {
  const last = readAgentNote(noted);
  const isKnown = last?.pid === agent.pid && last.startTime === agent.startTime;
  if (isKnown || !isPlain(noted)) return undefined;
  return ifNoted(pane, noted, [
    "set-option",
    "-p",
    "-t",
    pane,
    AGENT_OPTION,
    agentNoteText({ ...agent, state: "dead" }),
  ]);
}

/** The command that takes such a note away, since another agent has come; undefined where there is none. */
export function revivalCommand(pane: string, noted: string): TmuxCommand | undefined {
  if (readAgentNote(noted)?.state !== "dead" || !isPlain(noted)) return undefined;
  return ifNoted(pane, noted, ["set-option", "-p", "-t", pane, "-u", AGENT_OPTION]);
}

/** Whatever else somebody has put there would mean something in a format. */
function isPlain(noted: string): boolean {
  return /^[\w -]*$/.test(noted);
}

function ifNoted(pane: string, noted: string, command: TmuxCommand): TmuxCommand {
  return ["if-shell", "-F", "-t", pane, `#{==:#{${AGENT_OPTION}},${noted}}`, quoteCommand(command)];
}
