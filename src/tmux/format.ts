import { AppError } from "../lib/errors.ts";
import { KEY_OPTION, MADE_OPTION, MADE_PANE_OPTION } from "./options.ts";
import { asMeant, isPrintedAsMeant } from "./version.ts";

// tmux writes what its formats expand to without quoting, so fields need separators that names, labels and paths do
// not hold. Control characters will not do: newer versions of tmux escape them. These two are printable symbols for
// "unit separator" and "record separator"; where a name or a path does hold one, tmux writes a "?" in its place.
/** Between the fields of a row. */
export const UNIT = "\u241f";
/** After each row. */
export const RECORD = "\u241e";

// These hold numbers, ids, versions and secrets of ours. Replacing costs tmux a regular expression for each variable of each pane.
const PLAIN = ` session_id session_windows session_created session_attached window_index pane_index pane_id pane_pid pane_width pane_height pane_dead pane_dead_status pane_dead_signal alternate_on window_activity window_panes pid start_time version session_activity session_last_attached session_grouped window_linked_sessions cursor_x cursor_y ${KEY_OPTION} ${MADE_OPTION} ${MADE_PANE_OPTION} `;

// The one text of any length that a program may set (OSC 7): replacing in a megabyte of it would stop the whole server for
// seconds. What a shell tells of itself (see shell-state.ts) is far shorter; of anything longer, its length is enough.
const PATH = "pane_path";
const PATH_MAX_BYTES = 500;
const IS_LONG_PATH = `#{e|>:#{n:${PATH}},${PATH_MAX_BYTES}}`;

/** A tmux format for a pane's path, as a program in it has set it: for a long one, its length in bytes. */
export const PATH_FORMAT = `#{?${IS_LONG_PATH},#{n:${PATH}},#{${PATH}}}`;

// Every command comes by here, once: loops, since map and its like have to be compiled at their first use.

/** A tmux format (tmux(1), FORMATS) that expands to one row of these variables, for parseRows. */
export function rowFormat(variables: readonly string[]): string {
  return fieldsFormat(variables) + RECORD;
}

/** As rowFormat(), without the end of the row: more fields may follow a UNIT. */
export function fieldsFormat(variables: readonly string[]): string {
  let row = "";
  for (const name of variables) {
    if (row !== "") row += UNIT;
    const replaced = `#{s/${UNIT}|${RECORD}/?/:${name}}`;
    if (PLAIN.includes(` ${name} `)) row += `#{${name}}`;
    else row += name === PATH ? `#{?${IS_LONG_PATH},#{n:${PATH}},${replaced}}` : replaced;
  }
  return row;
}

/**
 * The rows that tmux wrote for rowFormat(variables), each an object from variable to its text. Where names or paths are
 * asked for, ask for the `version` too: tmux 3.4 does not print them as they are.
 * @throws AppError ERR_COMMAND_FAILED for anything else
 */
export function parseRows<const V extends readonly string[]>(variables: V, text: string): Record<V[number], string>[] {
  const rows: Record<string, string>[] = [];
  const lines = text.split(`${RECORD}\n`);
  const rest = lines.pop() ?? "";
  const versionAt = variables.indexOf("version");
  if (rest.trim() !== "") throw notOurs(rest);
  for (const line of lines) {
    const fields = line.split(UNIT);
    if (fields.length !== variables.length) throw notOurs(line);
    const row: Record<string, string> = {};
    const version = fields[versionAt] ?? "";
    // a call for each field would be so many that they set off the JIT, which starts a thread for it
    const isMeant = isPrintedAsMeant(version);
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as string;
      row[variables[i] as string] = isMeant ? field : asMeant(version, field);
    }
    rows.push(row);
  }
  return rows as Record<V[number], string>[];
}

function notOurs(text: string): AppError {
  return new AppError("ERR_COMMAND_FAILED", `tmux wrote what does not fit its format: ${text.slice(0, 200)}`, {
    hint: `See what it is that answers: ${Bun.which("tmux") ?? "tmux"} -V`,
  });
}
