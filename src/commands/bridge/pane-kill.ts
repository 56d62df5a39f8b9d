import { killPane } from "../../bridge/panes.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-kill", {
  summary: "End a pane and what runs in it",
  examples: ["claude-tmux bridge pane-kill dev server"],
  args: { session: sessionArg, pane: paneArg },
  answer: ({ session, pane }, { server }) => killPane(server, session, pane),
});
