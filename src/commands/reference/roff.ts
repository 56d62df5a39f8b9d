/** Text that roff sets as it stands: no escapes, no requests, a hyphen that can be searched for and copied. Pure. */
export function roff(text: string): string {
  return guarded(escaped(text.replaceAll("`", "")));
}

/** A name, and beside or below it what is said of it. Pure. */
export function entry(term: string, text: string): string {
  return `.TP\n.B ${roff(term)}\n${roff(text)}`;
}

/** Lines that stay lines, as far in as paragraphs are, and further. Pure. */
export function verbatim(text: string, indent = 0): string {
  const lines = `.nf\n${guarded(escaped(text))}\n.fi`;
  return indent === 0 ? `.PP\n${lines}` : `.PP\n.RS ${indent}\n${lines}\n.RE`;
}

/**
 * Markdown as the source of a man page. Rows of a table are a name, and what its other columns say of it; those have the
 * names of their columns where there are several. Pure.
 */
export function roffOf(markdown: string): string {
  let heads: string[] = [];
  const body = Bun.markdown.render(
    markdown,
    {
      text: escaped,
      codespan: (text) => `\\fB${text}\\fR`,
      strong: (text) => `\\fB${text}\\fR`,
      emphasis: (text) => `\\fI${text}\\fR`,
      link: (text, { href }) => (/^\w+:/.test(href) && href !== text ? `${text} (${escaped(href)})` : text),
      heading: (text, { level }) => `${level < 3 ? ".SH" : ".SS"} ${text}\n`,
      paragraph: (text) => `.PP\n${guarded(text)}\n`,
      code: (text) => `.PP\n.RS 2\n.nf\n${guarded(text.trimEnd())}\n.fi\n.RE\n`,
      list: (items) => items,
      listItem: (text, { index, ordered }) =>
        `.IP ${ordered ? `${index + 1}. 4` : "\\(bu 2"}\n${guarded(text.trim().replace(/^\.PP\n/, ""))}\n`,
      th: (text) => `${text}${CELL}`,
      td: (text) => `${text}${CELL}`,
      tr: (text) => `${text}${ROW}`,
      thead(text) {
        heads = cellsOf(text.replace(ROW, ""));
        return "";
      },
      tbody: (text) => text,
      table: (rows) =>
        rows
          .split(ROW)
          .slice(0, -1)
          .map((row) => rowEntry(cellsOf(row), heads))
          .join(""),
    },
    { noHtmlBlocks: true, noHtmlSpans: true },
  );
  return body.trimEnd();
}

/** What ends a cell, and a row, while a page is made. */
const CELL = "\x1f";
const ROW = "\x1e";

function cellsOf(row: string): string[] {
  return row.split(CELL).slice(0, -1);
}

function rowEntry([name = "", ...said]: readonly string[], [, ...heads]: readonly string[]): string {
  const term = name.includes("\\f") ? name : `\\fB${name}\\fR`;
  const told = said.flatMap((text, i) =>
    text === "" ? [] : [said.length > 1 && heads[i] ? `${heads[i]}: ${text}` : text],
  );
  return `.TP\n${guarded(term)}\n${told.map((text) => `${guarded(text)}\n`).join(".br\n")}`;
}

/** Backslashes, hyphens and what is not ASCII, as roff has them. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/[^\x00-\x7f]/gu, (letter) => `\\[u${hex(letter)}]`);
}

function hex(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

/** No line is a request. */
function guarded(text: string): string {
  return text.replace(/^([.'])/gm, "\\&$1");
}
