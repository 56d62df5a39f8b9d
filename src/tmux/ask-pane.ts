import { tmuxAsync } from "./run.ts";
import type { TmuxServer } from "./server.ts";

/** What a format expands to in a pane (its %id); undefined when that is gone, or tmux tells nothing. */
export async function askPane(server: TmuxServer, pane: string, format: string): Promise<string | undefined> {
  try {
    // of a pane that is gone, tmux expands formats to nothing, and that is no error
    const answer = await tmuxAsync(server, [["display-message", "-p", "-t", pane, `#{pane_id}:${format}`]]);
    return answer.startsWith(`${pane}:`) ? answer.slice(pane.length + 1).replace(/\n$/, "") : undefined;
  } catch {
    return undefined;
  }
}
