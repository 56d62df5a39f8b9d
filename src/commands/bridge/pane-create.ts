import { createPane } from "../../bridge/create.ts";
import { config } from "../../lib/config.ts";
import { paneLabel } from "../../lib/names.ts";
import { shellCommand } from "../../tmux/shell-integration.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-create", {
  summary: "Add a pane to a session and tile its window; nobody's focus moves",
  examples: ["claude-tmux bridge pane-create dev server"],
  notes: "At most 10 panes, or CLAUDE_TMUX_MAX_PANES.",
  args: {
    session: sessionArg,
    label: { type: "positional", description: "a name for the pane", required: false },
  },
  answer: async ({ session, label }, { server, paths }) =>
    createPane(server, {
      session,
      label: label === undefined ? undefined : paneLabel(label),
      layout: "tiled",
      max: config.maxPanes,
      shell: await shellCommand(paths),
    }),
});
