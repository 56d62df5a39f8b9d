import { listSessionPanes } from "../../panes/panes.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";
import { paneSummary } from "./pane-json.ts";

export default bridgeCommand("pane-list-json", {
  effect: "reads",
  examples: ["claude-tmux pane-list-json dev"],
  args: { session: sessionArg },
  schema: async () => (await import("../results/pane.ts")).PaneList,
  people: async () => (await import("../people/panes.ts")).summaryList,
  async answer({ session }, { server }) {
    const summaries = []; // a loop: the first use of map takes longer than all it does
    for (const listed of listSessionPanes(server, session)) summaries.push(paneSummary(listed));
    return { session, output: await Promise.all(summaries) };
  },
});
