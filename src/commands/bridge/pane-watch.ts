import { findInPane } from "../../panes/find.ts";
import { paneArg, patternArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-watch", {
  effect: "reads",
  examples: [`claude-tmux pane-watch dev build "error|warning" 500`],
  notes: "Exit code 1 if there are none. The echo of a command that pane-exec typed does not count.",
  args: {
    session: sessionArg,
    pane: paneArg,
    pattern: patternArg,
    lines: { type: "positional", description: "how many lines to look at", default: "50", kind: "count" },
  },
  schema: async () => (await import("../results/pane.ts")).Matching,
  people: async () => (await import("../people/panes.ts")).matching,
  async answer({ session, pane, pattern, lines }, { server }) {
    const options = { session, pane, pattern, lines };
    const found = await findInPane(server, options);
    return { ...found, session, output: found.lines.join("\n"), exitCode: found.lines.length > 0 ? 0 : 1 };
  },
});
