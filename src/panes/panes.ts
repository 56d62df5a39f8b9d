import { parseRows } from "../tmux/format.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { type Pane, panesCommand, panesOf } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { pickPane } from "../tmux/target.ts";
import { prepareVerdict } from "../verdict/verdict.ts";
import { type DescribedPane, listDescribed } from "./metadata.ts";
import { type PaneState, readState, STATE_VARIABLES } from "./pane-state.ts";

type Row = Parameters<typeof readState>[0];

/** A pane, and what its program does with it. */
export interface ListedPane {
  pane: Pane;
  state: PaneState;
}

/** Every pane of a session. Throws ERR_SESSION_NOT_FOUND. */
export function listSessionPanes(server: TmuxServer, session: string): ListedPane[] {
  const listed: ListedPane[] = [];
  const rows = parseRows(
    [...PANE_VARIABLES, ...STATE_VARIABLES],
    tmux(server, [panesCommand(session, STATE_VARIABLES)], { meanwhile: prepareVerdict }),
  );
  const panes = panesOf(rows);
  const now = Date.now();
  for (let i = 0; i < panes.length; i++) listed.push({ pane: panes[i] as Pane, state: readState(rows[i] as Row, now) });
  return listed;
}

/** One pane with all that is known of it. Throws ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL. */
export function paneDetails(server: TmuxServer, session: string, name: string): DescribedPane {
  const look = () => pickPane(listDescribed(server, session, { meanwhile: prepareVerdict }), { session, pane: name });
  const pane = look();
  const { exit_code: exitCode, signal } = pane.state;
  if (!pane.isDead || exitCode !== undefined || signal !== undefined) return pane;
  // tmux misses the end of a program while it waits for utempter; that of any other child makes it look
  tmux(server, [["run-shell", "true"]]);
  return look();
}
