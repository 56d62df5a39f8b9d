import { parseRows } from "../tmux/format.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { findPane, type Pane, panesCommand, panesOf } from "../tmux/panes.ts";
import { tmuxEach } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { prepareVerdict } from "../verdict/verdict.ts";

const SCREEN_VARIABLES = ["cursor_x", "cursor_y", "cursor_flag", "alternate_on", "pane_mode", "pane_title"] as const;

/** What a pane's program shows in one moment. */
export interface ScreenView {
  pane: Pane;
  /** the rows of the screen, without blanks at their ends, and without blank ones below both text and cursor */
  lines: string[];
  /** from 0 */
  cursor: { row: number; column: number; isVisible: boolean };
  title: string;
  isFullScreen: boolean;
  /** the mode in which somebody looks at it, such as "copy-mode": then they see another part, or something else */
  mode: string | undefined;
}

/**
 * Looks at a pane's screen, in one call to tmux.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL
 */
export function viewScreen(
  server: TmuxServer,
  { session, pane: name, ansi }: { session: string; pane: string; ansi: boolean },
): ScreenView {
  const target = indexTarget(session, parsePane(name)) ?? findPane(server, session, name).id;
  const capture = ["capture-pane", "-p", "-t", target, ...(ansi ? ["-e"] : [])];
  const [screen = "", list = ""] = tmuxEach(server, [capture, panesCommand(session, SCREEN_VARIABLES)], {
    meanwhile: prepareVerdict,
  });
  const rows = parseRows([...PANE_VARIABLES, ...SCREEN_VARIABLES], list);
  const pane = pickPane(panesOf(rows), { session, pane: name });
  const row = rows.find(({ pane_id }) => pane_id === pane.id);
  const cursor = {
    row: Number(row?.cursor_y ?? 0),
    column: Number(row?.cursor_x ?? 0),
    isVisible: row?.cursor_flag === "1",
  };
  return {
    pane,
    lines: shownRows(screen, cursor.row),
    cursor,
    title: row?.pane_title ?? "",
    isFullScreen: row?.alternate_on === "1",
    mode: row?.pane_mode || undefined,
  };
}

/** The rows of a capture of the screen, as ScreenView has them. Pure. */
export function shownRows(screen: string, cursorRow: number): string[] {
  const rows = screen
    .split("\n")
    .slice(0, -1)
    .map((row) => row.trimEnd());
  let end = rows.length;
  while (end > cursorRow + 1 && rows[end - 1] === "") end--;
  return rows.slice(0, end);
}
