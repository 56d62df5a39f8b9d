import { fieldsFormat } from "./format.ts";
import { KEY_OPTION, LABEL_OPTION, TYPED_OPTION } from "./options.ts";

/** What is asked of each pane to know where it is. */
export const PLACE_VARIABLES = [
  "session_name",
  "session_id",
  "window_index",
  "pane_index",
  "pane_id",
  LABEL_OPTION,
  "pane_pid",
  "pane_width",
  "pane_height",
  "pane_dead",
  "pid",
  "start_time",
  "version",
] as const;

/** What is asked of each pane beside that, at which tmux has to look for longer. */
export const PANE_VARIABLES = [
  ...PLACE_VARIABLES,
  "pane_current_command",
  "pane_path",
  KEY_OPTION,
  TYPED_OPTION,
] as const;

/** Their fields in a row. A macro: it runs when the program is built, since nearly every command would have to. */
export function paneFields(): string {
  return fieldsFormat(PANE_VARIABLES);
}
