import { killPane } from "../../panes/kill.ts";
import { sessionTurn } from "../../tmux/attach-turn.ts";
import { paneArg, sessionArg, treeArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-kill", {
  effect: "destroys",
  examples: ["claude-tmux pane-kill dev server", "claude-tmux pane-kill dev server --tree | jq .ended"],
  notes: `survivors lists what was started in the pane and lives on (nohup, setsid, what takes no SIGHUP), each with pid and
command. --tree ends that, too: SIGTERM, and after 3 s SIGKILL; ended lists it then. What serves all that its user runs
(ssh-agent, gpg-agent, dbus-daemon …) lives on. A tmux server that was started there, with what runs in it, is not the
pane's.`,
  args: { session: sessionArg, pane: paneArg, tree: treeArg },
  schema: async () => (await import("../results/pane.ts")).PaneKilled,
  async answer({ session, pane: name, tree }, { server, paths }) {
    using _turn = sessionTurn(paths.dir); // its session may end with it
    const { pane, survivors, ended } = await killPane(server, { session, pane: name, tree: tree === true });
    const details = tree === true ? { survivors, ended } : { survivors };
    return { session, pane, output: `Pane killed: ${pane.paneId}`, details };
  },
});
