import { AppError } from "../lib/errors.ts";

// tmux writes what its formats expand to without quoting, so fields need separators that names, labels and paths do
// not hold. Control characters will not do: newer versions of tmux escape them. These two are printable symbols for
// "unit separator" and "record separator"; where a name or a path does hold one, tmux writes a "?" in its place.
/** Between the fields of a row. */
export const UNIT = "\u241f";
/** After each row. */
export const RECORD = "\u241e";

// These hold numbers, ids, versions and secrets of ours. Replacing costs tmux a regular expression for each variable of each pane.
const PLAIN =
  " session_id session_windows session_created session_attached window_index pane_index pane_id pane_pid pane_width pane_height pane_dead pane_dead_status pane_dead_signal pid start_time version @claude_tmux_key ";

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
    row += PLAIN.includes(` ${name} `) ? `#{${name}}` : `#{s/${UNIT}|${RECORD}/?/:${name}}`;
  }
  return row;
}

/**
 * The rows that tmux wrote for rowFormat(variables), each an object from variable to its text.
 * @throws AppError ERR_COMMAND_FAILED for anything else
 */
export function parseRows<const V extends readonly string[]>(variables: V, text: string): Record<V[number], string>[] {
  const rows: Record<string, string>[] = [];
  const lines = text.split(`${RECORD}\n`);
  const rest = lines.pop() ?? "";
  if (rest.trim() !== "") throw notOurs(rest);
  for (const line of lines) {
    const fields = line.split(UNIT);
    if (fields.length !== variables.length) throw notOurs(line);
    const row: Record<string, string> = {};
    for (let i = 0; i < fields.length; i++) row[variables[i] as string] = fields[i] as string;
    rows.push(row);
  }
  return rows as Record<V[number], string>[];
}

function notOurs(text: string): AppError {
  return new AppError("ERR_COMMAND_FAILED", `tmux wrote what does not fit its format: ${text.slice(0, 200)}`, {
    hint: `See what it is that answers: ${Bun.which("tmux") ?? "tmux"} -V`,
  });
}
