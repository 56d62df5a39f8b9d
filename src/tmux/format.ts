// tmux writes what its formats expand to without quoting, so fields need separators that names, labels and paths do
// not hold. Control characters will not do: newer versions of tmux escape them. These two are printable symbols for
// "unit separator" and "record separator"; where a name or a path does hold one, tmux writes a "?" in its place.
const UNIT = "\u241f";
const RECORD = "\u241e";

// These hold numbers, ids and versions. Replacing costs tmux a regular expression for each variable of each pane.
const PLAIN = new Set(
  "session_id session_windows session_created session_attached window_index pane_index pane_id pane_pid pane_width pane_height pane_dead pane_dead_status pane_dead_signal pid start_time version".split(
    " ",
  ),
);

/** A tmux format (tmux(1), FORMATS) that expands to one row of these variables, for parseRows. */
export function rowFormat(variables: readonly string[]): string {
  return (
    variables.map((name) => (PLAIN.has(name) ? `#{${name}}` : `#{s/${UNIT}|${RECORD}/?/:${name}}`)).join(UNIT) + RECORD
  );
}

/** The rows that tmux wrote for rowFormat(variables), each an object from variable to its text. */
export function parseRows<const V extends readonly string[]>(variables: V, text: string): Record<V[number], string>[] {
  return text
    .split(`${RECORD}\n`)
    .slice(0, -1)
    .map((row) => {
      const fields = row.split(UNIT);
      if (fields.length !== variables.length) throw new Error(`tmux wrote a row that does not fit its format: ${row}`);
      return Object.fromEntries(variables.map((name, i) => [name, fields[i]])) as Record<V[number], string>;
    });
}
