import { listSessionPanes } from "../../bridge/panes.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-list-json", {
  summary: "List the panes of a session",
  examples: ["claude-tmux bridge pane-list-json dev"],
  args: { session: sessionArg },
  answer: ({ session }, { server }) => listSessionPanes(server, session),
});
