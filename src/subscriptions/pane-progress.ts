import type { Pattern } from "../matching/pattern.ts";
import { readCapture } from "../matching/places.ts";
import { type Progress, progressNow, TRAIL_MAX } from "../matching/progress.ts";
import { tmuxEach } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

/** So many rows of the history are looked at for the lines of a trail: each may take several. */
const HISTORY_ROWS = 10 * TRAIL_MAX;

/** From which point in its output on a pane is watched: this one, as tmux tells it now. Throws as tmux(). */
export function progressIn(server: TmuxServer, pane: string, match: Pattern): Progress {
  const capture = ["capture-pane", "-p", "-t", pane];
  const history = ["-S", `-${HISTORY_ROWS}`];
  const answers = tmuxEach(server, [
    [...capture, ...history],
    [...capture, ...history, "-J"],
    [...capture, "-a", "-q"],
    [...capture, "-a", "-q", "-J"],
    ["display-message", "-p", "-t", pane, PLACE_FORMAT],
  ]);
  const place = answers.pop() ?? "";
  const [cols = 0, firstRow = 0, isAlternate = 0, y = 0, savedY = 0] = place.split(" ").map(Number);
  const [rows = [], lines = [], savedRows = [], savedLines = []] = answers.map((answer) => answer.split("\n"));
  const saved = isAlternate === 1 ? { rows: savedRows, lines: savedLines } : undefined;
  const captured = Math.min(HISTORY_ROWS, firstRow);
  const { normal } = readCapture({ cols, historySize: firstRow, captured, rows, lines, saved });
  return progressNow(normal, { cols, firstRow, cursorRow: firstRow + (saved ? savedY : y) }, match);
}

const PLACE_FORMAT = "#{pane_width} #{history_size} #{alternate_on} #{cursor_y} #{alternate_saved_y}";
