import { killPane } from "../../panes/panes.ts";
import { sessionTurn } from "../../tmux/attach-turn.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-kill", {
  effect: "destroys",
  examples: ["claude-tmux bridge pane-kill dev server"],
  args: { session: sessionArg, pane: paneArg },
  schema: async () => (await import("../results/pane.ts")).PaneKilled,
  answer({ session, pane }, { server, paths }) {
    using _turn = sessionTurn(paths.dir); // its session may end with it
    const killed = killPane(server, session, pane);
    return { session, pane: killed, output: `Pane killed: ${killed.paneId}` };
  },
});
