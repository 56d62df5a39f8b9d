import { findPane, PANE_FORMAT, parsePanes } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane, sessionTarget } from "../tmux/target.ts";
import type { Result } from "./reply.ts";

// stands between what capture-pane and list-panes print in one call; the last one counts
const MARK = "\u241e\u241fpanes\u241f\u241e";

/** What to capture: the last `lines` lines, or all of the history too; with or without escape sequences for colours. */
export interface CaptureOptions {
  session: string;
  pane: string;
  lines: number;
  all: boolean;
  ansi: boolean;
}

/**
 * The last lines of a pane as text: lines that the pane wrapped are joined, blanks at their ends and blank lines at the
 * end are dropped. Throws ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL.
 */
export function capturePane(server: TmuxServer, options: CaptureOptions): Result {
  const { session, pane: name, lines, all } = options;
  const target = indexTarget(session, parsePane(name)) ?? findPane(server, session, name).id;
  const first = capture(server, { target, start: all ? "-" : `-${lines}`, ...options });
  // rows are not lines: when many rows join into few lines, or the screen ends in blanks, more history is needed
  const isShort = !all && first.lines.length <= lines;
  const { text, lines: found } = isShort ? capture(server, { target, start: "-", ...options }) : first;
  const pane = pickPane(parsePanes(text), { session, pane: name });
  return { session, pane, output: (all ? found : found.slice(-lines)).join("\n") };
}

function capture(server: TmuxServer, options: CaptureOptions & { target: string; start: string }) {
  const { target, start, session } = options;
  const command = ["capture-pane", "-p", "-J", "-t", target, "-S", start, ...(options.ansi ? ["-e"] : [])];
  const list = ["list-panes", "-s", "-t", sessionTarget(session), "-F", PANE_FORMAT];
  const answer = tmux(server, [command, ["display-message", "-p", MARK], list]);
  const end = answer.lastIndexOf(`${MARK}\n`);
  return { lines: trimLines(answer.slice(0, end)), text: answer.slice(end + MARK.length + 1) };
}

/** The lines of a capture without blanks at their ends, and without blank lines at the end. Pure. */
export function trimLines(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
