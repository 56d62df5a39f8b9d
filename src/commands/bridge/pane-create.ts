import { sessionArg } from "../define.ts";
import { addPane } from "./create-pane.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-create", {
  summary: "Add a pane to a session and tile its window; nobody's focus moves",
  examples: ["claude-tmux bridge pane-create dev server"],
  notes: "At most 10 panes, or CLAUDE_TMUX_MAX_PANES.",
  args: {
    session: sessionArg,
    label: { type: "positional", description: "a name for the pane", required: false, kind: "label" },
  },
  answer: ({ session, label }, context) => addPane(context, { session, label, layout: "tiled" }),
});
