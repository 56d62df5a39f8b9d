import type { Pane } from "../tmux/panes.ts";
import { type Ask, tmuxEachBy } from "../tmux/run.ts";
import { beforeColumn } from "./ask-text.ts";
import { shownRows } from "./screen-view.ts";

/** The screen of a pane in which something is asked. */
export interface AskedScreen {
  /** its rows, without blanks at their ends */
  lines: string[];
  /** what stands left of the cursor, and the row of that, from 0 */
  left: string;
  row: number;
  isFullScreen: boolean;
}

/** Looks at it, in one call to tmux. */
export async function askedScreen(ask: Ask, { id }: Pick<Pane, "id">): Promise<AskedScreen> {
  const [state = "", screen = ""] = await tmuxEachBy(ask, [
    ["display-message", "-p", "-t", id, "#{cursor_x} #{cursor_y} #{alternate_on}"],
    ["capture-pane", "-p", "-t", id],
  ]);
  const [x = 0, row = 0, alternate = 0] = state.trim().split(" ").map(Number);
  const lines = shownRows(screen, row);
  return { lines, left: beforeColumn(lines[row] ?? "", x), row, isFullScreen: alternate === 1 };
}
