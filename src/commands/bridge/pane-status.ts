import { paneStatus } from "../../bridge/panes.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-status", {
  summary: "Print all that is known of a pane",
  examples: ["claude-tmux bridge pane-status dev build | jq .output.last_exit_code"],
  args: { session: sessionArg, pane: paneArg },
  answer: ({ session, pane }, { server }) => paneStatus(server, session, pane),
});
