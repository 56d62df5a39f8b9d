import { ancestorsOf } from "../process/tree.ts";
import type { Pane } from "../tmux/panes.ts";
import { isOurs } from "./busy.ts";

let ancestors: ReadonlySet<number> | undefined;

/** Whether this program runs in a pane: by the environment, and by who has started whom, since not every program passes TMUX_PANE on. */
export function isOwn(pane: Pane): boolean {
  ancestors ??= ancestorsOf(process.pid);
  return isOurs(pane) || ancestors.has(pane.pid);
}
