import { AppError } from "../lib/errors.ts";
import { isShellIdle } from "../process/foreground.ts";
import { findPane, LABEL_OPTION, listPanes, PANE_FORMAT, type Pane, parsePanes } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { firstWindowTarget, sessionTarget } from "../tmux/target.ts";
import type { Result } from "./reply.ts";

/**
 * Adds a pane to the session's first window, tiles the window, and labels the pane. The limit is checked by tmux in
 * the same step that splits, so that creations at the same time cannot pass it together.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_MAX_PANES
 */
export function createPane(
  server: TmuxServer,
  options: { session: string; label: string | undefined; max: number },
): Result {
  const { session, label, max } = options;
  const target = firstWindowTarget(session);
  // session names are letters, digits, _ and -, so they can stand in a command string; -f puts the new pane last, so
  // that the others keep their indexes
  const split = `split-window -d -f -t '${target}' -P -F '#{pane_id}' ; select-layout -t '${target}' tiled`;
  const test = `#{e|<:#{window_panes},${Math.floor(max)}}`;
  const id = tmux(server, [["if-shell", "-F", "-t", target, test, split, "display-message -p FULL"]]).trim();
  if (id === "FULL") {
    throw new AppError("ERR_MAX_PANES", `The first window of "${session}" has ${max} panes already, the limit`, {
      hint: "End one with pane-kill, use another session, or raise CLAUDE_TMUX_MAX_PANES.",
    });
  }
  const labelled = label === undefined ? [] : [["set-option", "-p", "-t", id, LABEL_OPTION, label]];
  const list = ["list-panes", "-s", "-t", sessionTarget(session), "-F", PANE_FORMAT];
  const pane = parsePanes(tmux(server, [...labelled, list])).find((candidate) => candidate.id === id);
  if (!pane) throw new AppError("ERR_PANE_NOT_FOUND", `The new pane ${id} ended at once`);
  return { session, pane, output: label === undefined ? "Pane created" : `Pane created: ${label}` };
}

/** Every pane of a session with what is known of it. */
export function listPanesDetailed(server: TmuxServer, session: string): Result {
  const output = listPanes(server, session).map((pane) => ({
    pane_id: pane.index,
    window: pane.window,
    pane: pane.id,
    pid: pane.pid,
    command: pane.command,
    is_running: isRunning(pane),
    width: pane.width,
    height: pane.height,
    label: pane.label,
    cwd: pane.cwd,
  }));
  return { session, output };
}

/** The pane with that label. Throws ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL. */
export function findByLabel(server: TmuxServer, session: string, label: string): Result {
  const pane = findPane(server, session, label);
  return { session, pane, output: pane.paneId };
}

/** Ends a pane and what runs in it; with the last pane of a session, the session. Throws ERR_PANE_NOT_FOUND. */
export function killPane(server: TmuxServer, session: string, name: string): Result {
  const pane = findPane(server, session, name);
  tmux(server, [["kill-pane", "-t", pane.id]]);
  return { session, pane, output: `Pane killed: ${pane.paneId}` };
}

/** Whether something other than the pane's waiting shell has its terminal. */
function isRunning(pane: Pane): boolean {
  return !pane.isDead && !isShellIdle(pane.pid);
}
