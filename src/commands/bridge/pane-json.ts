import { activityOf } from "../../panes/activity.ts";
import type { DescribedPane } from "../../panes/metadata.ts";
import { lastExitCode } from "../../panes/pane-state.ts";
import type { ListedPane } from "../../panes/panes.ts";

/** What scripts are told of a pane: the fields of version 3.0, and `pane`, `window`, `method` and its state. */
export function paneSummary({ pane, state }: ListedPane) {
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

/** The same with all that is known of the pane. */
export function paneDescription(pane: DescribedPane) {
  return {
    ...paneSummary({ pane, state: pane.state }),
    label: pane.label,
    metadata: pane.metadata,
    cwd: pane.cwd,
    last_exit_code: lastExitCode(pane, pane.state),
    is_dead: pane.isDead,
  };
}
