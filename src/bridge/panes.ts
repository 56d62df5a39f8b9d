import { parseRows } from "../tmux/format.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { findPane, listPanes, type Pane, panesCommand, panesOf, parsePanes } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { activityOf } from "./activity.ts";
import { type DescribedPane, listDescribed } from "./metadata.ts";
import { lastExitCode, type PaneState, readState, STATE_VARIABLES } from "./pane-state.ts";
import type { Result } from "./reply.ts";

type Row = Parameters<typeof readState>[0];

/** Every pane of a session. Throws ERR_SESSION_NOT_FOUND. */
export function listSessionPanes(server: TmuxServer, session: string): Result {
  const output = [];
  const rows = parseRows(
    [...PANE_VARIABLES, ...STATE_VARIABLES],
    tmux(server, [panesCommand(session, STATE_VARIABLES)]),
  );
  const panes = panesOf(rows);
  const now = Date.now();
  for (let i = 0; i < panes.length; i++) output.push(summary(panes[i] as Pane, readState(rows[i] as Row, now)));
  return { session, output };
}

/** Every pane of a session with all that is known of it. Throws ERR_SESSION_NOT_FOUND. */
export function listPanesDetailed(server: TmuxServer, session: string): Result {
  const output = [];
  for (const pane of listDescribed(server, session)) output.push(description(pane));
  return { session, output };
}

/** One pane with all that is known of it. Throws ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL. */
export function paneStatus(server: TmuxServer, session: string, name: string): Result {
  const pane = pickPane(listDescribed(server, session), { session, pane: name });
  return { session, pane, output: description(pane) };
}

/** Whether something runs in a pane: "true", or "false" with exit code 1. Throws ERR_PANE_NOT_FOUND. */
export function paneIsRunning(server: TmuxServer, session: string, name: string): Result {
  const pane = findPane(server, session, name);
  const { isRunning, method } = activityOf(pane);
  return { session, pane, output: String(isRunning), details: { method }, exitCode: isRunning ? 0 : 1 };
}

/** How many panes a session has, as a text, as the scripts had it. Throws ERR_SESSION_NOT_FOUND. */
export function countPanes(server: TmuxServer, session: string): Result {
  return { session, output: String(listPanes(server, session).length) };
}

/** The pane with that label. Throws ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL. */
export function findByLabel(server: TmuxServer, session: string, label: string): Result {
  const pane = findPane(server, session, label);
  return { session, pane, output: pane.paneId };
}

/** Ends a pane and what runs in it; with the last pane of a session, the session. Throws ERR_PANE_NOT_FOUND. */
export function killPane(server: TmuxServer, session: string, name: string): Result {
  const index = indexTarget(session, parsePane(name));
  const list = panesCommand(session);
  const pane = index
    ? pickPane(parsePanes(tmux(server, [list, ["kill-pane", "-t", index]])), { session, pane: name })
    : findPane(server, session, name);
  if (!index) tmux(server, [["kill-pane", "-t", pane.id]]);
  return { session, pane, output: `Pane killed: ${pane.paneId}` };
}

/** What scripts are told of a pane: the fields of version 3.0, and `pane`, `window` and `method`. */
function summary(pane: Pane, state: PaneState) {
  const { isRunning, method } = activityOf(pane);
  return {
    pane_id: pane.index,
    index: pane.index,
    window: pane.window,
    pane: pane.id,
    pid: pane.pid,
    command: pane.command,
    is_running: isRunning,
    width: pane.width,
    height: pane.height,
    method,
    ...state,
  };
}

function description(pane: DescribedPane) {
  return {
    ...summary(pane, pane.state),
    label: pane.label,
    metadata: pane.metadata,
    cwd: pane.cwd,
    last_exit_code: lastExitCode(pane, pane.state),
    is_dead: pane.isDead,
  };
}
