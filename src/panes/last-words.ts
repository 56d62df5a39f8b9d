import { tmuxEach } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { trimLines } from "./capture.ts";

// tmux does not pass on to its clients what a pane wrote in its last milliseconds, but a held pane (see hold.ts) still
// shows it. These find what of it has not been heard.

/** The format that parseRow reads. */
export const ROW_FORMAT = "#{history_size} #{cursor_y} #{history_limit}";

/** A row of a pane, counted from the top of its history; undefined when the history is full, since rows move then. */
export function parseRow(text: string): number | undefined {
  const [size = 0, y = 0, limit = 0] = text.split(" ").map(Number);
  // tmux drops a tenth of a full history at once
  return size < limit - Math.max(1, Math.floor(limit / 10)) ? size + y : undefined;
}

/**
 * The lines that a dead pane shows after those that were heard of it.
 * @param heard the lines that ended, in order; `since.row` is the row that the first of them began `since.lines` after
 */
export function lastWords(
  server: TmuxServer,
  pane: string,
  heard: readonly string[],
  since: { row: number | undefined; lines: number; echo?: string },
): string[] {
  const range = ["-t", pane, "-S", "-"];
  const [rows = "", now = "", joined = ""] = tmuxEach(server, [
    ["capture-pane", "-p", ...range],
    ["display-message", "-p", "-t", pane, ROW_FORMAT],
    ["capture-pane", "-p", "-J", ...range],
  ]);
  const shown = joined.split("\n");
  const isFull = since.row === undefined || parseRow(now) === undefined;
  const first = isFull ? undefined : lineOfRow(rows.split("\n"), shown, since.row ?? 0);
  const start =
    first === undefined
      ? afterLastEcho(shown, since.echo)
      : Math.max(first + since.lines, afterEcho(shown, first, since.echo));
  const left = linesAfter(trimLines(joined), heard, start);
  // tmux says so in words of its own, in a pane that its user lets stay and in every one up to 3.2
  return trimLines(left.join("\n").replace(/Pane is dead(?: \([^)\n]*\))?$/, ""));
}

/** The line after the one in which the echo of a text ends, which a shell may have broken into several. */
function afterEcho(shown: readonly string[], first: number, echo: string | undefined): number {
  const end = (echo ?? "").slice(-ECHO_END).trimEnd();
  if (end === "") return 0;
  const at = shown.findIndex((line, i) => i >= first && line.trimEnd().endsWith(end));
  return at === -1 ? 0 : at + 1;
}

/** The same without knowing where it began: the last such line. */
function afterLastEcho(shown: readonly string[], echo: string | undefined): number | undefined {
  const end = (echo ?? "").slice(-ECHO_END).trimEnd();
  const at = end === "" ? -1 : shown.findLastIndex((line) => line.trimEnd().endsWith(end));
  return at === -1 ? undefined : at + 1;
}

const ECHO_END = 12;

/**
 * What comes in `shown` after the lines of `heard`, of which the first is expected at `start`; where it is not, the
 * last place where their end stands is taken. Pure.
 */
export function linesAfter(shown: readonly string[], heard: readonly string[], start: number | undefined): string[] {
  // tmux shows tabs as blanks and no colours
  const plain = (line = "") => Bun.stripANSI(line).replace(/\s+/g, " ").trimEnd();
  const end = heard.slice(-COMPARED).map(plain);
  const isAt = (next: number) =>
    next >= end.length && end.every((line, i) => plain(shown[next - end.length + i]) === line);
  const expected = start === undefined ? undefined : start + heard.length;
  if (expected !== undefined && isAt(expected)) return shown.slice(expected);
  if (end.length === 0) return [];
  for (let next = shown.length; next >= end.length; next--) if (isAt(next)) return shown.slice(next);
  return [];
}

const COMPARED = 20;

/** Which of the joined lines holds a row, both of the same screen. Pure. */
export function lineOfRow(rows: readonly string[], joined: readonly string[], row: number): number {
  let next = 0;
  for (let i = 0; i < joined.length; i++) {
    const line = joined[i] as string;
    let text = rows[next++] ?? "";
    if (text === line) {
      if (row < next) return i; // nearly every one, of a history that may be long
      continue;
    }
    const plain = Bun.stripANSI(line).trimEnd();
    // a row is part of the line while the line goes on after it
    while (text.trimEnd() !== plain && plain.startsWith(text) && next < rows.length) text += rows[next++];
    if (row < next) return i;
  }
  return joined.length;
}
