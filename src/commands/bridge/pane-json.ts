import type { DescribedPane } from "../../panes/metadata.ts";
import { lastExitCode } from "../../panes/pane-state.ts";
import type { ListedPane } from "../../panes/panes.ts";
import { isRunning } from "../../verdict/rule.ts";
import { verdictOf } from "../../verdict/verdict.ts";
import { waitingOf } from "../../verdict/waiting.ts";
import type { PaneDescription, PaneSummary } from "../results/pane.ts";

/** What scripts are told of a pane: the fields of version 3.0, and `pane`, `window`, `method` and its state. */
export async function paneSummary({ pane, state }: ListedPane): Promise<PaneSummary> {
  const verdict = await verdictOf(pane);
  const waiting = await waitingOf(pane, verdict);
  return {
    pane_id: pane.index,
    index: pane.index,
    window: pane.window,
    pane: pane.id,
    pid: pane.pid,
    command: pane.command,
    is_running: isRunning(verdict),
    width: pane.width,
    height: pane.height,
    method: verdict.method,
    waiting_for: waiting.waitingFor,
    waiting_method: waiting.method,
    ...state,
  };
}

/** The same with all that is known of the pane. */
export async function paneDescription(pane: DescribedPane): Promise<PaneDescription> {
  return {
    ...(await paneSummary({ pane, state: pane.state })),
    label: pane.label,
    metadata: pane.metadata,
    cwd: pane.cwd,
    last_exit_code: lastExitCode(pane, pane.state),
    is_dead: pane.isDead,
  };
}
