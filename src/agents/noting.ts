import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { AGENT_OPTION, HOOK_LOG_OPTION } from "../tmux/options.ts";
import type { AgentAbove } from "./above.ts";
import type { HookEvent, HookTold } from "./hook-events.ts";
import { HOOK_LOG_MAX, hookLogText } from "./hook-log.ts";
import { type AgentNote, agentNoteText } from "./note.ts";

/** What a hook has to note of the agent that has called it. */
export interface Noting extends HookEvent {
  kind: string;
  agent: AgentAbove;
  /** when the hook was called: ms since the epoch */
  at: number;
  /** the channel on which a daemon waits that writes the log of events (see global-hooks.ts) */
  channel?: string | undefined;
}

/**
 * The command that notes in a pane what a hook was told, or takes the note away at the end, and leaves what has changed by that for the
 * log of events. tmux looks and writes at once, and only in the pane to which the agent belongs, by its terminal and by the program
 * that runs there. What a later hook has noted of the same agent stays: hooks that were called together may come in any order. Pure.
 */
export function notingCommand(pane: string, noting: Noting): TmuxCommand {
  const { kind, agent, at, told } = noting;
  const { pid, startTime, terminal, line } = agent;
  const own = `${kind} ${pid} ${startTime}`;
  const noted = `#{${AGENT_OPTION}}`;
  const isOfPane = `#{&&:#{==:#{pane_tty},${terminal}},#{m:* #{pane_pid} *, ${line.join(" ")} }}`;
  // the time and the conversation of the note; "~" comes after whatever that begins with, and braces would end the format
  const isLater = `#{>:#{s/^([^ ]* )([^ ]* )([^ ]* )([^ ]* )([^ ]* )//:${AGENT_OPTION}},${at} ~}`;
  let stays = isLater;
  if (told !== "end") for (const state of told.unless ?? []) stays = `#{||:${stays},#{m:${own} ${state} *,${noted}}}`;
  const isOpen = `#{?#{m:${own} *,${noted}},#{?${stays},0,1},${told === "end" ? 0 : 1}}`;
  const set = ["set-option", "-p", "-t", pane];
  const note = noteOf(noting);
  const write = told === "end" ? [...set, "-u", AGENT_OPTION] : [...set, AGENT_OPTION, agentNoteText(note)];
  const commands = [loggingCommand(pane, note, noting), write].map(quoteCommand).join(" ; ");
  return ["if-shell", "-F", "-t", pane, `#{&&:${isOfPane},${isOpen}}`, commands];
}

function noteOf({ kind, agent: { pid, startTime }, at, told, conversation }: Noting): AgentNote {
  const { state, for: wait }: HookTold = told === "end" ? { state: "idle" } : told;
  return {
    ...{ kind, pid, startTime, state, since: at },
    ...(wait && { for: wait }),
    ...(conversation !== undefined && { conversation }),
  };
}

/** Leaves what the note changes for the log of events, before it is noted. */
function loggingCommand(pane: string, note: AgentNote, { told, channel }: Noting): TmuxCommand {
  const { kind, pid, startTime, state, for: wait = "-" } = note;
  const isSame = `#{m:${kind} ${pid} ${startTime} ${state} ${wait} *,#{${AGENT_OPTION}}}`;
  const log = `#{=-${HOOK_LOG_MAX}:${HOOK_LOG_OPTION}},${hookLogText(note, told === "end")}`;
  const append = quoteCommand(["set-option", "-p", "-F", "-t", pane, HOOK_LOG_OPTION, log]);
  const wake = channel === undefined ? "" : ` ; ${quoteCommand(["wait-for", "-S", channel])}`;
  return ["if-shell", "-F", "-t", pane, told === "end" ? "1" : `#{?${isSame},0,1}`, append + wake];
}
