import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { AGENT_OPTION } from "../tmux/options.ts";
import type { AgentAbove } from "./above.ts";
import type { HookEvent, HookTold } from "./hook-events.ts";
import { agentNoteText } from "./note.ts";

/** What a hook has to note of the agent that has called it. */
export interface Noting extends HookEvent {
  kind: string;
  agent: AgentAbove;
  /** when the hook was called: ms since the epoch */
  at: number;
}

/**
 * The command that notes in a pane what a hook was told, or takes the note away at the end. tmux looks and writes at once, and
 * only in the pane to which the agent belongs, by its terminal and by the program that runs there. What a later hook has noted
 * of the same agent stays: hooks that were called together may come in any order. Pure.
 */
export function notingCommand(pane: string, { kind, agent, at, told, conversation }: Noting): TmuxCommand {
  const { pid, startTime, terminal, line } = agent;
  const own = `${kind} ${pid} ${startTime}`;
  const noted = `#{${AGENT_OPTION}}`;
  const isOfPane = `#{&&:#{==:#{pane_tty},${terminal}},#{m:* #{pane_pid} *, ${line.join(" ")} }}`;
  // the time and the conversation of the note; "~" comes after whatever that begins with, and braces would end the format
  const isLater = `#{>:#{s/^([^ ]* )([^ ]* )([^ ]* )([^ ]* )([^ ]* )//:${AGENT_OPTION}},${at} ~}`;
  let stays = isLater;
  if (told !== "end") for (const state of told.unless ?? []) stays = `#{||:${stays},#{m:${own} ${state} *,${noted}}}`;
  const isOpen = `#{?#{m:${own} *,${noted}},#{?${stays},0,1},${told === "end" ? 0 : 1}}`;
  const textOf = ({ state, for: wait }: HookTold) =>
    agentNoteText({
      kind,
      pid,
      startTime,
      state,
      since: at,
      ...(wait && { for: wait }),
      ...(conversation !== undefined && { conversation }),
    });
  const set = ["set-option", "-p", "-t", pane];
  const write = told === "end" ? [...set, "-u", AGENT_OPTION] : [...set, AGENT_OPTION, textOf(told)];
  return ["if-shell", "-F", "-t", pane, `#{&&:${isOfPane},${isOpen}}`, quoteCommand(write)];
}
