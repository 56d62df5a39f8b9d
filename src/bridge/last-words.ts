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
  return size < limit ? size + y : undefined;
}

/**
 * The lines that a dead pane shows after those that were heard of it.
 * @param heard the lines that ended, in order; `since.row` is the row that the first of them began `since.lines` after
 */
export function lastWords(
  server: TmuxServer,
  pane: string,
  heard: readonly string[],
  since: { row: number | undefined; lines: number },
): string[] {
  const range = ["-t", pane, "-S", "-"];
  const [rows = "", now = "", joined = ""] = tmuxEach(server, [
    ["capture-pane", "-p", ...range],
    ["display-message", "-p", "-t", pane, ROW_FORMAT],
    ["capture-pane", "-p", "-J", ...range],
  ]);
  const shown = joined.split("\n");
  const isFull = since.row === undefined || parseRow(now) === undefined;
  const start = isFull ? undefined : lineOfRow(rows.split("\n"), shown, since.row ?? 0) + since.lines;
  const left = linesAfter(trimLines(joined), heard, start);
  // tmux 3.2 says so in words of its own, which newer ones can be told to leave out
  return /^Pane is dead/.test(left.at(-1) ?? "") ? trimLines(left.slice(0, -1).join("\n")) : left;
}

/**
 * What comes in `shown` after the lines of `heard`, of which the first is expected at `start`; where it is not, the
 * last place where their end stands is taken. Pure.
 */
export function linesAfter(shown: readonly string[], heard: readonly string[], start: number | undefined): string[] {
  const end = heard.slice(-COMPARED).map((line) => line.trimEnd());
  const isAt = (next: number) => next >= end.length && end.every((line, i) => shown[next - end.length + i] === line);
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
  for (const [i, line] of joined.entries()) {
    const plain = Bun.stripANSI(line).trimEnd();
    let text = rows[next++] ?? "";
    // a row is part of the line while the line goes on after it
    while (text.trimEnd() !== plain && plain.startsWith(text) && next < rows.length) text += rows[next++];
    if (row < next) return i;
  }
  return joined.length;
}
