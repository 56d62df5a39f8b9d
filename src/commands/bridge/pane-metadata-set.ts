import { setPaneMetadata } from "../../panes/metadata.ts";
import { metadataKeyArg, paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-metadata-set", {
  effect: "changes",
  examples: ["claude-tmux pane-metadata-set dev build commit 3f2a1c9"],
  args: {
    session: sessionArg,
    pane: paneArg,
    key: metadataKeyArg,
    value: { type: "positional", description: "any text", required: true, raw: true },
  },
  schema: async () => (await import("../results/pane.ts")).MetadataSet,
  answer({ session, pane: name, key, value }, { server }) {
    const pane = setPaneMetadata(server, { session, pane: name, key, value });
    return { session, pane, output: `Metadata set: ${key}` };
  },
});
