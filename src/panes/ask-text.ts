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
 * What a program wrote after it was typed to, of all that was: without the echo of the first line, which is all that stands
 * before the first newline. Of a line that is not shown the program ends that line.
 */
export function afterEcho(raw: string, { way }: Echo): string {
  if (way === "none") return raw;
  if (way === "hidden") return raw.replace(/^\r*\n/, "");
  const first = raw.indexOf("\n");
  return first === -1 ? "" : raw.slice(first + 1);
}

/** Lines without those by which the further lines of a text were echoed: each ends with one of them. */
export function withoutEchoes(lines: readonly string[], { typed, way }: Echo): string[] {
  const left = [...lines];
  if (way !== "shown") return left;
  let from = 0;
  for (const text of typed.slice(1)) {
    const at = left.findIndex((line, i) => i >= from && line.trimEnd().endsWith(text.trimEnd()));
    if (text.trim() === "" || at === -1) continue;
    left.splice(at, 1);
    from = at;
  }
  return left;
}

/** An answer in its parts: whole lines, and the line that is not ended, at which the program waits. */
export function splitPrompt(text: string, isLineEnded: boolean): { output: string; prompt: string } {
  if (isLineEnded) return { output: text, prompt: "" };
  const at = text.lastIndexOf("\n");
  return { output: at === -1 ? "" : text.slice(0, at), prompt: text.slice(at + 1) };
}
