/** How wide help is where nobody says, and how wide it is at most: longer lines are hard to read. */
const USUAL_COLUMNS = 80;
const MOST_COLUMNS = 100;
/** A first column that is wider than this has what belongs to it below. */
const MOST_NAME = 26;
const GAP = "   ";

/** How many columns help may take, on a terminal of so many; undefined: no terminal. Pure. */
export function helpWidth(columns: number | undefined): number {
  return Math.min(columns || USUAL_COLUMNS, MOST_COLUMNS);
}

/** Names, and beside each, or below it, what is said of it, in lines of so many columns. Pure. */
export function definitions(rows: readonly (readonly [string, string])[], width: number): string {
  const most = Math.max(0, ...rows.map(([name]) => name.length).filter((length) => length <= MOST_NAME));
  const indent = " ".repeat(2 + most + GAP.length);
  return rows
    .map(([name, text]) => {
      const body = wrapped(text, width - indent.length).join(`\n${indent}`);
      return name.length > most ? `  ${name}\n${indent}${body}` : `  ${name.padEnd(most)}${GAP}${body}`;
    })
    .join("\n");
}

/**
 * A text in lines of so many columns. Paragraphs are filled; lines that begin with two blanks stay lines: a name with what is
 * said of it two blanks or more behind it, and what is indented further goes on with that. Pure.
 */
export function filled(text: string, width: number): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => (paragraph.startsWith("  ") ? listed(paragraph, width) : wrapped(paragraph, width).join("\n")))
    .join("\n\n");
}

/** The names of such a list, each with what is said of it; undefined where some line is none of it. Pure. */
export function listRows(paragraph: string): [name: string, text: string][] | undefined {
  const joined = paragraph.replace(/\n {6,}/g, " ").split("\n");
  const rows = joined.map((line) => /^ {2}(\S.*?) {2,}(\S.*)$/.exec(line));
  if (rows.some((row) => row === null)) return undefined;
  return rows.map((row) => [row?.[1] ?? "", row?.[2] ?? ""]);
}

function listed(paragraph: string, width: number): string {
  const rows = listRows(paragraph);
  return rows ? definitions(rows, width) : paragraph;
}

/** The lines of a text, as far as its words go. */
function wrapped(text: string, width: number): string[] {
  return Bun.wrapAnsi(text.replace(/\s*\n\s*/g, " "), Math.max(width, 20), { trim: true }).split("\n");
}
