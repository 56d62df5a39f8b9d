import { killSession } from "../../panes/kill.ts";
import { sessionTurn } from "../../tmux/attach-turn.ts";
import { sessionArg, treeArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-kill", {
  effect: "destroys",
  examples: ["claude-tmux session-kill dev", "claude-tmux session-kill dev --tree | jq .survivors"],
  notes: `survivors lists what was started in its panes and lives on (nohup, setsid, what takes no SIGHUP), each with pid and
command. --tree ends that, too: see pane-kill. A window that another session has as well stays, with what runs in it.`,
  args: { session: sessionArg, tree: treeArg },
  schema: async () => (await import("../results/session.ts")).SessionKilled,
  async answer({ session, tree }, { server, paths }) {
    using _turn = sessionTurn(paths.dir);
    const { survivors, ended } = await killSession(server, { session, tree: tree === true });
    const details = tree === true ? { survivors, ended } : { survivors };
    return { session, output: `Session killed: ${session}`, details };
  },
});
