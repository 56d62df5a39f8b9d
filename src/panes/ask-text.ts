// What stands on a screen, and what of it is an answer: pure.

/** The part of a row of the screen before a column. Letters may take two columns, or none. */
export function beforeColumn(row: string, column: number): string {
  if (/^[\x20-\x7e]*$/.test(row)) return row.slice(0, column).padEnd(column);
  let text = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(row)) {
    width += Bun.stringWidth(segment);
    if (width > column) break;
    text += segment;
  }
  return text;
}

/** How what was typed is shown: by the terminal or a line editor; not at all; `none` where nothing was typed to be shown. */
export interface Echo {
  /** the lines that were typed */
  typed: readonly string[];
  way: "shown" | "hidden" | "none";
}

/**
 * The lines of an answer: without the echo, which is all of the first line; what a line that was not shown goes on with, is
 * part of the answer.
 */
export function answerLines(
  { first, lines }: { first: string; lines: readonly string[] },
  prompt: string,
  { typed, way }: Echo,
): string[] {
  if (way === "none") return [first, ...lines];
  if (way === "shown") return withoutEchoes(lines.slice(echoedRows(first, lines, typed[0] ?? "")), typed.slice(1));
  const rest = first.startsWith(prompt.trimEnd()) ? first.slice(prompt.length).trim() : first;
  return rest === "" ? [...lines] : [rest, ...lines];
}

/** How many lines after the first belong to the echo as well: some editors draw each row of a long line anew. */
function echoedRows(first: string, lines: readonly string[], typed: string): number {
  const squeeze = (text: string) => text.replaceAll(/\s+/g, "");
  const wanted = squeeze(typed);
  let shown = squeeze(first);
  for (let rows = 0; ; rows++) {
    if (shown.endsWith(wanted)) return rows;
    const next = squeeze(lines[rows] ?? "");
    if (next === "" || !wanted.includes(next)) return 0;
    shown += next;
  }
}

/** What prompts end in, or nothing at all. */
const PROMPT_END = /(?:^|[$#%>)\]}:\u276f\u03bb]|\.\.\.)\s*$/u;

/** Lines without those by which further lines of a text were echoed: one of them, behind what may be a prompt. */
function withoutEchoes(lines: readonly string[], typed: readonly string[]): string[] {
  const left = [...lines];
  let from = 0;
  for (const text of typed.map((line) => line.trimEnd())) {
    const isEcho = (line: string) => line.endsWith(text) && PROMPT_END.test(line.slice(0, line.length - text.length));
    const at = left.findIndex((line, i) => i >= from && isEcho(line.trimEnd()));
    if (text === "" || at === -1) continue;
    left.splice(at, 1);
    from = at;
  }
  return left;
}
