import { fieldsFormat } from "./format.ts";
import { KEY_OPTION } from "./shell-state.ts";
import { TYPED_OPTION } from "./typed.ts";

/** The pane option that holds a pane's label: tmux keeps it, so it outlives every process of ours. */
export const LABEL_OPTION = "@claude_tmux_label";

/** What is asked of each pane. */
export const PANE_VARIABLES = [
  "session_name",
  "session_id",
  "window_index",
  "pane_index",
  "pane_id",
  LABEL_OPTION,
  "pane_pid",
  "pane_current_command",
  "pane_width",
  "pane_height",
  "pane_dead",
  "pane_path",
  KEY_OPTION,
  TYPED_OPTION,
  "pid",
  "start_time",
  "version",
] as const;

/** Their fields in a row. A macro: it runs when the program is built, since nearly every command would have to. */
export function paneFields(): string {
  return fieldsFormat(PANE_VARIABLES);
}
