import { poll } from "../lib/wait.ts";
import { isResting } from "../process/foreground.ts";
import { shellName } from "../process/shell-name.ts";
import { isLineEdited } from "../process/terminal-mode.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxAsync, tmuxEachAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { BusyError } from "./busy.ts";

/** To the line's end, and away with it: keys of line editors, and of the terminal itself (stty(1), kill). */
const CLEAR_LINE = ["-H", "05", "15"];
/** The End key, which bash knows in all its modes, and Ctrl-U: Ctrl-E is a letter in one of them, and leaves another. */
const CLEAR_LINE_BASH = ["-H", "1b", "5b", "46", "15"];
/** What bash took last stands again at Ctrl-Y, in all of them. */
const YANK = ["-H", "19"];
/** How long a line editor may take to clear its line. */
const CLEARED_MS = 500;
const LOOK_MS = 10;

/** The keys that clear the line at which a pane's shell, or one within it, takes commands; for send-keys. */
export function clearingKeys(pane: Pick<Pane, "pid">): readonly string[] {
  return isBash(pane) ? CLEAR_LINE_BASH : CLEAR_LINE;
}

/** Whether it is bash itself that reads keys there. */
function isBash({ pid }: Pick<Pane, "pid">): boolean {
  return shellName(pid) === "bash" && isResting(pid) && isLineEdited(pid) === true;
}

/**
 * Sees to it that the keys that clear a line leave nothing of it: in the vi mode of a line editor they leave what stands right of its
 * cursor, which would be run behind whatever is typed then. Where nothing stands there, nothing is pressed.
 * @returns whether the line was cleared
 * @throws BusyError when something is left of it; in bash all of it is then as it was
 */
export async function clearedRightOfCursor(server: TmuxServer, pane: Pane): Promise<boolean> {
  const before = await look(server, pane);
  if (before.isFree) return false;
  const isInBash = isBash(pane);
  await press(server, pane, clearingKeys(pane));
  if (await poll(CLEARED_MS, LOOK_MS, async () => (await look(server, pane)).isFree)) return true;
  if (isInBash) await press(server, pane, YANK);
  const isLost = !isInBash && (await look(server, pane)).row !== before.row;
  const lost = isLost ? "; what stood left of the cursor was cleared" : "";
  throw new BusyError(
    `Pane ${pane.paneId} of "${pane.session}" is busy: what somebody has typed there can't be set aside${lost}`,
    "Its line editor is in another mode (vi), and the cursor within what was typed. Ctrl-C there gives that up: pane-send-keys C-c.",
  );
}

/** Whoever scrolls back there is taken to its end, as by what is typed then: these keys would move the view. */
async function press(server: TmuxServer, { id }: Pane, keys: readonly string[]): Promise<void> {
  await tmuxAsync(server, [["copy-mode", "-q", "-t", id], ...inPaneAlone(id, [["send-keys", "-t", id, ...keys]])]);
}

/**
 * The row of the cursor, and whether nothing that somebody has typed stands right of it, as far as the screen tells: in a pane of one
 * row the cursor may be at the beginning of what was written last.
 */
async function look(server: TmuxServer, { id, height }: Pane): Promise<{ row: string; isFree: boolean }> {
  const [place = "", screen = ""] = await tmuxEachAsync(server, [
    ["display-message", "-p", "-t", id, "#{cursor_x} #{cursor_y} #{pane_width}"],
    ["capture-pane", "-p", "-t", id],
  ]);
  const [x = 0, y = 0, width = 0] = place.trim().split(" ").map(Number);
  const row = screen.split("\n")[y] ?? "";
  return { row, isFree: height === 1 || isFreeFrom(row, x, width) };
}

/** Whether a row shows nothing from a column on, or a right prompt alone, which ends at the edge of the screen. Pure. */
export function isFreeFrom(row: string, column: number, width: number): boolean {
  let left = 0;
  let right = "";
  for (const character of row.trimEnd()) {
    if (left >= column) right += character;
    left += Bun.stringWidth(character);
  }
  return right === "" || (right.startsWith("  ") && left >= width - 1);
}
