import { findInPane } from "../../panes/find.ts";
import { paneArg, patternArg, sessionArg } from "../define.ts";
import { bridgeCommand, questionFailed, yesOrNo } from "./define.ts";

export default bridgeCommand("pane-has-pattern", {
  effect: "reads",
  examples: [`claude-tmux pane-has-pattern dev server "listening on" > /dev/null && echo up`],
  notes:
    "The exit code is the answer: 0 yes, 1 no, 2 an error. The echo of a command that pane-exec typed does not count.",
  failureCode: questionFailed,
  args: {
    session: sessionArg,
    pane: paneArg,
    pattern: patternArg,
    lines: { type: "positional", description: "how many lines to look at", default: "50", kind: "count" },
  },
  schema: async () => (await import("../results/pane.ts")).HasPattern,
  people: async () => (await import("../people/panes.ts")).yesOrNo,
  async answer({ session, pane, pattern, lines }, { server }) {
    const options = { session, pane, pattern, lines };
    const found = await findInPane(server, options);
    const isThere = found.lines.length > 0;
    return { ...found, session, output: yesOrNo(isThere), exitCode: isThere ? 0 : 1 };
  },
});
