import { sessionArg } from "../define.ts";
import { addPane } from "./create-pane.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-create", {
  effect: "changes",
  examples: ["claude-tmux pane-create dev server"],
  notes: "At most 10 panes, or CLAUDE_TMUX_MAX_PANES.",
  args: {
    session: sessionArg,
    label: { type: "positional", description: "a name for the pane", required: false, kind: "label" },
  },
  schema: async () => (await import("../results/pane.ts")).PaneCreated,
  answer: ({ session, label }, context) => addPane(context, { session, label, layout: "tiled" }),
});
