import { listDescribed } from "../../panes/metadata.ts";
import { prepareVerdict } from "../../verdict/verdict.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";
import { paneDescription } from "./pane-json.ts";

export default bridgeCommand("pane-list-detailed", {
  effect: "reads",
  examples: ["claude-tmux pane-list-detailed dev"],
  args: { session: sessionArg },
  schema: async () => (await import("../results/pane.ts")).DetailedPaneList,
  people: async () => (await import("../people/panes.ts")).paneList,
  async answer({ session }, { server }) {
    const descriptions = []; // a loop: the first use of map takes longer than all it does
    for (const pane of listDescribed(server, session, { meanwhile: prepareVerdict }))
      descriptions.push(paneDescription(pane));
    return { session, output: await Promise.all(descriptions) };
  },
});
