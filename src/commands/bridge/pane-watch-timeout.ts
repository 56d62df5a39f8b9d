import { watchPane } from "../../bridge/watch.ts";
import { paneArg, patternArg, secondsArg, sessionArg, timeoutArg } from "../define.ts";
import { interruptible } from "../interrupt.ts";
import { positiveInteger, timeLimit } from "../values.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-watch-timeout", {
  summary: "Wait until a line of a pane matches a pattern, and print it",
  examples: [`claude-tmux bridge pane-watch-timeout dev server "listening on .*" 30`],
  notes: `A line that stands among the last ones already counts, the echo of a command that pane-exec typed does not.
Exit codes: 0 found, 124 not in time, 1 when the pane ended without.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    pattern: patternArg,
    seconds: secondsArg,
    lines: { type: "positional", description: "how many of the lines that are there to look at", default: "50" },
    timeout: timeoutArg,
  },
  async answer({ session, pane, pattern, lines, ...time }, context) {
    const options = {
      session,
      pane,
      pattern,
      lines: positiveInteger("lines", lines),
      timeoutS: timeLimit(time),
      stateDir: () => context.paths.dir,
    };
    const found = await interruptible((signal) => watchPane(context.server, { ...options, signal }));
    return { ...found, session, output: found.lines.join("\n") };
  },
});
