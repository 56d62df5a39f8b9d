import { MARK } from "../tmux/command-line.ts";
import { findPane, type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { parseTyped, TYPED_FORMAT, type Typed } from "../tmux/typed.ts";

/** What to capture: the last `lines` lines, or all of the history too; with or without escape sequences for colours. */
export interface CaptureOptions {
  session: string;
  pane: string;
  lines: number;
  all: boolean;
  ansi: boolean;
  /** done while tmux works; must not throw */
  meanwhile?: () => void;
}

/** What a pane shows, and what was typed into it recently, newest first. */
export interface Captured {
  pane: Pane;
  lines: string[];
  typings: Typed[];
}

/**
 * The last lines of a pane: lines that the pane wrapped are joined, blanks at their ends and blank lines at the end are
 * dropped. Throws ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL.
 */
export function captureLines(server: TmuxServer, options: CaptureOptions): Captured {
  const { session, pane: name, lines, all } = options;
  const target = indexTarget(session, parsePane(name)) ?? findPane(server, session, name).id;
  const first = capture(server, { target, start: all ? "-" : `-${lines}`, ...options });
  // rows are not lines: when many rows join into few lines, or the screen ends in blanks, more history is needed
  const isShort = !all && first.lines.length <= lines && first.historySize > lines;
  const { panes, lines: found, typed } = isShort ? capture(server, { target, start: "-", ...options }) : first;
  const pane = pickPane(parsePanes(panes), { session, pane: name });
  return { pane, lines: all ? found : found.slice(-lines), typings: parseTyped(typed).typings };
}

function capture(server: TmuxServer, options: CaptureOptions & { target: string; start: string }) {
  const { target, start, session } = options;
  const command = ["capture-pane", "-p", "-J", "-t", target, "-S", start, ...(options.ansi ? ["-e"] : [])];
  const commands = [
    command,
    ["display-message", "-p", "-t", target, `${MARK}#{history_size} ${TYPED_FORMAT}${MARK}`],
    panesCommand(session),
  ];
  const answer = tmux(server, commands, { meanwhile: options.meanwhile });
  // from the end, since a pane may show the mark: rows of panes and typings cannot hold it
  const second = answer.lastIndexOf(MARK);
  const first = answer.lastIndexOf(MARK, second - 1);
  const typed = answer.slice(first + MARK.length, second);
  const space = typed.indexOf(" ");
  return {
    lines: trimLines(answer.slice(0, first)),
    panes: answer.slice(second + MARK.length + 1),
    typed: typed.slice(space + 1),
    historySize: Number(typed.slice(0, space)),
  };
}

/** The lines of a capture without blanks at their ends, and without blank lines at the end. Pure. */
export function trimLines(text: string): string[] {
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) lines[i] = (lines[i] as string).trimEnd();
  while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
  return lines;
}
