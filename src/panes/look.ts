import { COMMAND_NOTE_FORMAT, parseCommandNote } from "../tmux/command-note.ts";
import { findPane, type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { parseTyped, TYPED_FORMAT, type Typed } from "../tmux/typed.ts";
import { isFollowed } from "../verdict/reading.ts";
import { isBusy } from "../verdict/verdict.ts";
import { trimLines } from "./capture.ts";
import { lineOfRow } from "./last-words.ts";
import { firstLineOf, type LastCommand, lastCommand, unendedBefore } from "./since.ts";

/** A pane in one moment: what it shows, its history too, and what is known of its last command. */
export interface Look {
  pane: Pane;
  lines: string[];
  /** the line with the cursor */
  cursorLine: number;
  /** what was typed recently, newest first */
  typings: Typed[];
  command: LastCommand;
  /** the first line that the command wrote, as far as that can be known */
  first: number | undefined;
  /** what it wrote last without ending that line, before the prompt; "" where there is none, or that can't be known */
  unended: string;
  /** whether tmux may have dropped the first lines of all that was written: its history is full */
  isFull: boolean;
}

/** When its history is full, tmux drops so much of it at once (grid_collect_history() in grid.c). */
const DROPPED = 0.1;

/** What is looked at. */
interface LookOptions {
  session: string;
  pane: string;
  /** so many rows of the history are enough, and where the command's output begins is no matter */
  rows?: number;
  /** done while tmux works; must not throw */
  meanwhile?: () => void;
}

/**
 * Looks at a pane, in one call to tmux.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL
 */
export async function lookAt(
  server: TmuxServer,
  { session, pane: name, rows: enough, meanwhile }: LookOptions,
): Promise<Look> {
  const target = indexTarget(session, parsePane(name)) ?? findPane(server, session, name).id;
  const mark = crypto.randomUUID(); // so that no pane can show it
  const capture = ["capture-pane", "-p", "-t", target, "-S", enough === undefined ? "-" : `-${enough}`];
  const facts = "#{history_size} #{pane_width} #{alternate_on} #{cursor_y} #{history_limit}";
  const show = (format: string) => ["display-message", "-p", "-t", target, `${mark}${format}${mark}`];
  const commands = [
    [...capture, "-J"],
    show(`${facts}${mark}${COMMAND_NOTE_FORMAT}${mark}${TYPED_FORMAT}`),
    capture,
    show(""),
    panesCommand(session),
  ];
  const answer = tmux(server, commands, { meanwhile });
  const [joined = "", state = "", noted = "", typed = "", rowText = "", , panes = ""] = answer.split(mark);
  const pane = pickPane(parsePanes(panes.slice(1)), { session, pane: name });
  const [historySize = 0, width = 0, alternate = 0, cursorY = 0, limit = 0] = state.split(" ").map(Number);
  const note = parseCommandNote(noted);
  const { typings } = parseTyped(typed);
  const lines = trimLines(joined);
  const rows = rowText.slice(1).split("\n");
  const command = lastCommand(pane, note, await activity(pane));
  const shown = { rows, lines, historySize, width, isAlternate: alternate === 1, note, typed: typings[0] };
  const isTold = command.state !== "untold" && enough === undefined;
  const first = isTold ? firstLineOf(shown, command, pane) : undefined;
  const above = enough === undefined || enough > historySize ? historySize : enough;
  const cursorLine = lineOfRow(rows, lines, above + cursorY);
  const isAtPrompt = isTold && command.state !== "running" && !shown.isAlternate;
  const unended = isAtPrompt ? unendedBefore(shown, cursorLine) : "";
  const isFull = historySize >= (1 - DROPPED) * limit;
  return { pane, lines, cursorLine, typings, command, first, unended, isFull };
}

async function activity(pane: Pane): Promise<{ isFollowed: boolean; isRunning: boolean }> {
  if (!pane.isDead) return { isFollowed: isFollowed(pane), isRunning: await isBusy(pane) };
  // as it was when its shell ended
  return { isFollowed: pane.shell !== undefined, isRunning: pane.shell?.word !== "idle" };
}
