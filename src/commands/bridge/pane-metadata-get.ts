import { getPaneMetadata } from "../../panes/metadata.ts";
import { metadataKeyArg, paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-metadata-get", {
  effect: "reads",
  examples: ["claude-tmux pane-metadata-get dev build commit | jq -r .output"],
  args: { session: sessionArg, pane: paneArg, key: metadataKeyArg },
  schema: async () => (await import("../results/pane.ts")).MetadataValue,
  answer({ session, pane, key }, { server }) {
    const found = getPaneMetadata(server, { session, pane, key });
    return { session, pane: found.pane, output: found.value };
  },
});
