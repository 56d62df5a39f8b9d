import { dealtWith } from "../matching/dealt.ts";
import type { Pattern } from "../matching/pattern.ts";
import { readCapture } from "../matching/places.ts";
import { type Progress, parseProgress, progressNow, TRAIL_MAX } from "../matching/progress.ts";
import { tmuxEach } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

/** So many rows of the history are looked at for the lines of a trail: each may take several. */
const HISTORY_ROWS = 10 * TRAIL_MAX;
/** And so many for what came after one: what tmux keeps unless told otherwise. */
const UNHEARD_ROWS = 2000;

/** From which point in its output on a pane is watched: this one, as tmux tells it now. Throws as tmux(). */
export function progressIn(server: TmuxServer, pane: string, match: Pattern): Progress {
  const { normal, cols, firstRow, cursorRow } = shownIn(server, pane, HISTORY_ROWS);
  return progressNow(normal, { cols, firstRow, cursorRow }, match);
}

/**
 * How many lines at least a pane shows that match, and that nobody has dealt with yet. Lines that begin with a prompt may have been
 * typed, and do not count. Throws as tmux().
 */
export function unheardIn(server: TmuxServer, pane: string, match: Pattern, progress: string | null): number {
  const known = parseProgress(progress);
  if (!known) return 0;
  const { normal, cursorRow, ...size } = shownIn(server, pane, UNHEARD_ROWS);
  const lines = normal.filter(({ line, row }) => line !== "" && row <= cursorRow);
  const prompts = [...known.prompts, lines.at(-1)?.line ?? ""].map((prompt) => prompt.trimEnd());
  const isTyped = (line: string) => prompts.some((prompt) => prompt !== "" && line.startsWith(prompt));
  const { end, isDealt } = dealtWith(lines, size, known);
  const unheard = lines.filter(({ line }, i) => {
    const found = i > end && !isTyped(line) ? match(line) : undefined;
    return found && !isDealt(i, found.text);
  });
  return unheard.length;
}

/** What a pane shows, with so many rows of its history. */
function shownIn(server: TmuxServer, pane: string, historyRows: number) {
  const capture = ["capture-pane", "-p", "-t", pane];
  const history = ["-S", `-${historyRows}`];
  const answers = tmuxEach(server, [
    [...capture, ...history],
    [...capture, ...history, "-J"],
    [...capture, "-a", "-q"],
    [...capture, "-a", "-q", "-J"],
    ["display-message", "-p", "-t", pane, PLACE_FORMAT],
  ]);
  const place = answers.pop() ?? "";
  const [cols = 0, firstRow = 0, isAlternate = 0, y = 0, savedY = 0, historyLimit = 0] = place.split(" ").map(Number);
  const [rows = [], lines = [], savedRows = [], savedLines = []] = answers.map((answer) => answer.split("\n"));
  const saved = isAlternate === 1 ? { rows: savedRows, lines: savedLines } : undefined;
  const captured = Math.min(historyRows, firstRow);
  const { normal } = readCapture({ cols, historySize: firstRow, captured, rows, lines, saved });
  return { normal, cols, firstRow, historyLimit, cursorRow: firstRow + (saved ? savedY : y) };
}

const PLACE_FORMAT = "#{pane_width} #{history_size} #{alternate_on} #{cursor_y} #{alternate_saved_y} #{history_limit}";
