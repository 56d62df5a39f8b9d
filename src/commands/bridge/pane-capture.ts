import { captureLines } from "../../panes/capture.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-capture", {
  effect: "reads",
  examples: ["claude-tmux pane-capture dev 0", "claude-tmux pane-capture dev build 200 | jq -r .output"],
  args: {
    session: sessionArg,
    pane: paneArg,
    lines: { type: "positional", description: "how many lines", default: "20", kind: "count" },
    all: { type: "boolean", description: "the whole history" },
    ansi: { type: "boolean", description: "keep colours (escape sequences)" },
  },
  schema: async () => (await import("../results/pane.ts")).Captured,
  people: async () => (await import("../people/panes.ts")).captured,
  answer({ session, pane, lines, all, ansi }, { server }) {
    const options = { session, pane, lines, all: all === true, ansi: ansi === true };
    const captured = captureLines(server, options);
    return { session, pane: captured.pane, output: captured.lines.join("\n") };
  },
});
