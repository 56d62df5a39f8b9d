/**
 * What a pane shows without the prompt at which its shell waits, and without blank lines at its end; as lines, each with its
 * newline. Pure.
 * @param text history and screen, rows that tmux has wrapped joined
 * @param above of it, the rows above that of the cursor; undefined where no shell waits
 * @param width of the pane, columns
 * @param older what comes before both
 */
export function keptText(text: string, above: string | undefined, width: number, older = ""): string {
  const kept = keptLines(text, above, width);
  // all that is kept is older
  if (kept.length === 0 && older !== "") return closed(keptLines(older, undefined, width));
  return closed(kept, older);
}

function keptLines(text: string, above: string | undefined, width: number): readonly string[] {
  if (above === undefined) return withoutBlankEnd(linesOf(text));
  const lines = linesOf(text);
  const kept = linesOf(above);
  const last = kept.at(-1);
  if (last === undefined) return [];
  const [shown, whole] = [plain(last), plain(lines[kept.length - 1] ?? "")];
  // the row of the cursor goes on from the row above: the prompt is longer than a row, and is all of that line. But zsh fills up a
  // row that was left unfinished, and begins its prompt in the next
  const isContinued = whole.length > shown.length && whole.startsWith(shown);
  const isFilled = Bun.stringWidth(shown) % width === 0 && /\s$/.test(shown);
  if (isContinued && !isFilled) kept.pop();
  else if (isContinued) kept[kept.length - 1] = last.trimEnd();
  return kept;
}

/**
 * Of what a pane shows, the rows above that of the cursor. Pure.
 * @param text history and screen, rows that tmux has wrapped joined
 * @param before the rows before that of the cursor, as far as the line reaches that ends with them
 * @param from the rows from that of the cursor on
 */
export function textAbove(text: string, { before, from }: { before: string; from: string }): string {
  const lines = linesOf(text);
  const rest = linesOf(from);
  const at = lines.length - rest.length;
  const kept = lines.slice(0, at);
  // a line that goes on in the row of the cursor is counted there, too
  if (plain(lines[at] ?? "") !== plain(rest[0] ?? "")) kept.push(linesOf(before).at(-1) ?? "");
  return kept.map((line) => `${line}\n`).join("");
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => plain(line).trim() !== "") + 1);
}

/** Colours, and another set of characters (SO, for lines and corners), end with the text. */
function closed(lines: readonly string[], older = ""): string {
  const text = `${older}${lines.map((line) => `${line}\n`).join("")}`;
  const own = text.lastIndexOf("\x0e") > text.lastIndexOf("\x0f") ? `${text}\x0f` : text;
  return own.includes("\x1b") ? `${own}\x1b[0m` : own;
}

/** Without colours, and without what changes the set of characters. */
function plain(line: string): string {
  return Bun.stripANSI(line).replace(/[\x0e\x0f]/g, "");
}
