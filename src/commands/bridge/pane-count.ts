import { listPanes } from "../../tmux/panes.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-count", {
  effect: "reads",
  examples: ["claude-tmux pane-count dev | jq -r .output"],
  args: { session: sessionArg },
  schema: async () => (await import("../results/pane.ts")).PaneCount,
  // a text, as the scripts had it
  answer: ({ session }, { server }) => ({ session, output: String(listPanes(server, session).length) }),
});
