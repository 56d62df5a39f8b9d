/** A line and its first row in the pane's output, counted from its beginning. */
export interface Place {
  row: number;
  line: string;
}

/** So much of a line is kept. */
export const LINE_MAX = 500;
/** So much of its beginning tells it from others: tmux may break a long one in two, where the screen began, when it comes back. */
const KEY_MAX = 40;

/**
 * What tells a line from others, however wide the pane is: blanks don't count, since a tab is some of them, nor do
 * characters that some versions of tmux keep and others drop. 0 for a line without anything else. Pure.
 */
export function lineKey(line: string): number {
  const text = squeeze(line.slice(0, LINE_MAX)).slice(0, KEY_MAX);
  if (text === "") return 0;
  let key = 2166136261; // FNV-1a
  for (let i = 0; i < text.length; i++) key = Math.imul(key ^ text.charCodeAt(i), 16777619);
  return key >>> 0 || 1;
}

// some versions of tmux keep them as letters without a width
const C1 = /[\x80-\x9f]+/g;

/** A line without its blanks, and without what stands for bytes that are no letters. Pure. */
export function squeeze(line: string): string {
  return line.replace(/[\s\ufffd\x80-\x9f]+/g, "");
}

/** How many rows a line takes in a pane, where a wide character that has no room at the end goes on in the next row. Pure. */
export function rowsOf(line: string, cols: number): number {
  if (/^[ -~]*$/.test(line)) return Math.max(1, Math.ceil(line.length / cols));
  let rows = 1;
  let column = 0;
  for (const letter of line) {
    const width = Bun.stringWidth(letter);
    column += width;
    if (column <= cols) continue;
    rows++;
    column = width;
  }
  return rows;
}

/**
 * The lines of a capture with their first rows.
 * @param rows as tmux shows them, without the blanks at their ends
 * @param lines the same with wrapped rows joined, with them
 * @param firstRow the number of the first row
 */
export function placeLines(rows: readonly string[], lines: readonly string[], firstRow: number, cols: number): Place[] {
  let next = 0;
  return lines.map((line) => {
    const row = firstRow + next;
    let at = 0;
    do {
      const shown = rows[next++] ?? "";
      if (!line.startsWith(shown, at)) break; // not of the same moment: what follows is counted by rows
      at += shown.length;
      for (let blanks = cols - Bun.stringWidth(shown); blanks > 0 && line[at] === " "; blanks--) at++;
    } while (at < line.length && next < rows.length);
    return { row, line: line.replace(C1, "").trimEnd() };
  });
}

/** What tmux captured of a pane: some rows of its history, and the screen; each as rows, and with wrapped rows joined. */
export interface Capture {
  cols: number;
  /** how many rows the history has, and how many of them were captured */
  historySize: number;
  captured: number;
  rows: readonly string[];
  lines: readonly string[];
  /** the normal screen, when a full-screen program has the other one (capture-pane -a): then it is what `rows` ends with */
  saved: { rows: readonly string[]; lines: readonly string[] } | undefined;
}

/** The lines of the normal screen with the history above it, and those of the alternate screen, if it is shown. Pure. */
export function readCapture(capture: Capture): { normal: Place[]; alternate: string[] | undefined } {
  const { cols, historySize, captured, rows, lines, saved } = capture;
  const all = placeLines(rows, lines, historySize - captured, cols);
  if (!saved) return { normal: all, alternate: undefined };
  const history = all.filter(({ row }) => row < historySize);
  const screen = all.filter(({ row }) => row >= historySize);
  const last = history.at(-1);
  const end = screen[0]?.row ?? historySize + rows.length - captured;
  if (last && end > historySize) {
    // the history's last line went on below it, where something else stands now
    const at = captured - (historySize - last.row);
    last.line = rows.slice(at, captured).join("").trimEnd();
    for (let row = end - 1; row >= historySize; row--)
      screen.unshift({ row, line: rows[row - historySize + captured] ?? "" });
  }
  const normal = [...history, ...placeLines(saved.rows, saved.lines, historySize, cols)];
  return { normal, alternate: screen.map(({ line }) => line) };
}
