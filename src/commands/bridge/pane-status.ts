import { paneDetails } from "../../panes/panes.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";
import { paneDescription } from "./pane-json.ts";

export default bridgeCommand("pane-status", {
  effect: "reads",
  examples: ["claude-tmux pane-status dev build | jq .output.last_exit_code"],
  notes: `last_exit_code is that of the shell's last command; of a dead pane (is_dead), that of its program, with exit_code or
signal beside it. full_screen: an editor, a pager or the like has the screen. idle_ms: since the pane last wrote
something (tmux counts whole seconds, and takes a window that somebody turns to for one that writes). What can't be
known is null or absent, as idle_ms is where the window has several panes.`,
  args: { session: sessionArg, pane: paneArg },
  schema: async () => (await import("../results/pane.ts")).PaneStatus,
  people: async () => (await import("../people/panes.ts")).paneStatus,
  async answer({ session, pane: name }, { server }) {
    const pane = paneDetails(server, session, name);
    return { session, pane, output: await paneDescription(pane) };
  },
});
