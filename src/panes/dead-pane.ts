import { AppError } from "../lib/errors.ts";
import type { Pane } from "../tmux/panes.ts";

/** The error for a pane whose program has ended, and which stays only because of remain-on-exit. */
export function deadPane(pane: Pane): AppError {
  return new AppError("ERR_PANE_DEAD", `Pane ${pane.paneId} of "${pane.session}" is dead: its program has ended`, {
    hint: `Remove it with: claude-tmux pane-kill ${pane.id}`,
  });
}
