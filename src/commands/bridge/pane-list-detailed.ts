import { listPanesDetailed } from "../../bridge/panes.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-list-detailed", {
  summary: "List the panes of a session with all that is known of them",
  examples: ["claude-tmux bridge pane-list-detailed dev"],
  args: { session: sessionArg },
  answer: ({ session }, { server }) => listPanesDetailed(server, session),
});
