import { placeLines } from "../matching/places.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxEachAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

// what zsh(1) calls the parser's state (%_), as its PS2 shows it
const ZSH_STATE =
  /^(?:(?:always|array|bquote|braceparam|case|cmdand|cmdor|cmdsubst|cond|cursh|dquote|elif|elif-then|else|errpipe|for|foreach|function|heredoc|heredocd|if|math|mathsubst|nocorrect|pipe|quote|repeat|select|subsh|then|until|while)(?: |(?=>)))+> /;

/**
 * Whether a line, up to the cursor, is a shell's secondary prompt as it is unless somebody has changed it (PS2 in sh(1p), and in
 * zsh(1)): what is typed there goes on with a command that somebody has begun. Pure.
 */
export function isSecondaryPrompt(line: string): boolean {
  return /^[^>]*> $/.test(line) && isBehindSecondary(line);
}

/** Whether a line, up to the cursor, begins with one: what somebody has typed behind it belongs to that command. Pure. */
export function isBehindSecondary(line: string): boolean {
  // a primary prompt may begin so, too
  return (line.startsWith("> ") && !/[$#%❯] $/.test(line)) || ZSH_STATE.test(line);
}

/** What a pane shows left of its cursor, in that row, and where that is. */
export interface LeftOfCursor {
  text: string;
  /** with the rows before it that the line begins in */
  whole: string;
  x: number;
  y: number;
}

/** What a pane shows left of its cursor. Throws as tmux(). */
export async function leftOfCursor(server: TmuxServer, { id }: Pick<Pane, "id">): Promise<LeftOfCursor> {
  const capture = ["capture-pane", "-p", "-t", id];
  const [place = "", ...screens] = await tmuxEachAsync(server, [
    ["display-message", "-p", "-t", id, "#{cursor_x} #{cursor_y} #{pane_width}"],
    capture,
    [...capture, "-J"],
  ]);
  const [rows = [], lines = []] = screens.map((screen) => screen.split("\n"));
  const [x = 0, y = 0, width = 0] = place.trim().split(" ").map(Number);
  const text = (rows[y] ?? "").slice(0, x).padEnd(x);
  const first = placeLines(rows, lines, 0, width).findLast(({ row }) => row <= y)?.row ?? y;
  const before = rows.slice(first, y).map((row) => row + " ".repeat(Math.max(0, width - Bun.stringWidth(row))));
  return { text, whole: before.join("") + text, x, y };
}
