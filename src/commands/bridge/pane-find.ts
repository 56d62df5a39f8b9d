import { findPane } from "../../tmux/panes.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-find", {
  effect: "reads",
  examples: ["claude-tmux pane-find dev server"],
  args: {
    session: sessionArg,
    label: { type: "positional", description: "the pane's label", required: true, names: "label", kind: "label" },
  },
  schema: async () => (await import("../results/pane.ts")).PaneFound,
  answer({ session, label }, { server }) {
    const pane = findPane(server, session, label);
    return { session, pane, output: pane.paneId };
  },
});
