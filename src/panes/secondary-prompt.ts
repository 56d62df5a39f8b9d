import type { Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

// what zsh(1) calls the parser's state (%_), as its PS2 shows it
const ZSH_STATE =
  /^(?:(?:always|array|bquote|braceparam|case|cmdand|cmdor|cmdsubst|cond|cursh|dquote|elif|elif-then|else|errpipe|for|foreach|function|heredoc|heredocd|if|math|mathsubst|nocorrect|pipe|quote|repeat|select|subsh|then|until|while)(?: |(?=>)))+> $/;

/**
 * Whether a line, up to the cursor, is a shell's secondary prompt as it is unless somebody has changed it (PS2 in sh(1p), and in
 * zsh(1)): what is typed there goes on with a command that somebody has begun. Pure.
 */
export function isSecondaryPrompt(line: string): boolean {
  return line === "> " || ZSH_STATE.test(line);
}

/** What a pane shows left of its cursor, in that row, and where that is. */
export interface LeftOfCursor {
  text: string;
  x: number;
  y: number;
}

/** What a pane shows left of its cursor. Throws as tmux(). */
export async function leftOfCursor(server: TmuxServer, { id }: Pick<Pane, "id">): Promise<LeftOfCursor> {
  const screen = await tmuxAsync(server, [
    ["display-message", "-p", "-t", id, "#{cursor_x} #{cursor_y}"],
    ["capture-pane", "-p", "-t", id],
  ]);
  const [place = "", ...rows] = screen.split("\n");
  const [x = 0, y = 0] = place.split(" ").map(Number);
  return { text: (rows[y] ?? "").slice(0, x).padEnd(x), x, y };
}
