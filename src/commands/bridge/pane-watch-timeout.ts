import { AppError } from "../../lib/errors.ts";
import { calledName } from "../../lib/self.ts";
import { watchPane } from "../../panes/watch.ts";
import { paneArg, patternArg, placeWords, secondsArg, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-watch-timeout", {
  effect: "reads",
  examples: [`claude-tmux pane-watch-timeout dev server "listening on .*" 30`],
  notes: `In a pane whose shell has the shell integration (bash, zsh or fish in a pane that claude-tmux made), these lines count:
- while a command runs: what it has written since it was started, and all that comes;
- at the prompt, after a command that pane-exec typed and nobody has waited for yet: what that one has written;
- else what is written from now on.
It ends when that command has ended without, and left no job in the background: ERR_COMMAND_ENDED, with exit_code and
last_lines. A command that somebody typed by hand, after others, is found by its prompt; where that can't be (the screen was
cleared, the prompt changes), what is there does not count, and the hint says so if it would match.
In other panes the last 50 lines count, and the end of a command is not known.

--existing counts the last <lines> (50) whatever wrote them, --new none of those that are there. The echo of a command that
pane-exec typed never counts, nor do blanks at the end of a line: "name:$" matches a question that ends in one.

Exit codes: 0 found, 124 not in time, 1 when the command, or the pane, ended without.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    pattern: patternArg,
    seconds: secondsArg,
    lines: {
      type: "positional",
      description: "how many of the lines that are there to look at, at most",
      required: false,
      kind: "count",
    },
    existing: { type: "boolean", description: "count the lines that are there, whatever wrote them" },
    new: { type: "boolean", description: "count none of the lines that are there" },
    timeout: timeoutArg,
  },
  schema: async () => (await import("../results/pane.ts")).Matching,
  people: async () => (await import("../people/panes.ts")).matching,
  waits: ({ session, pane, pattern }) => `"${pattern}" in ${placeWords({ session, pane })}`,
  async answer({ session, pane, pattern, lines, existing, new: isNew, seconds, timeout }, context) {
    if (existing && isNew) {
      throw new AppError("ERR_INVALID_ARGUMENT", "--existing and --new say the opposite", {
        hint: "Take one of them.",
      });
    }
    // the old scripts look at the last lines, and wait out their time
    const isScript = calledName().startsWith("claude-tmux-");
    const options = {
      session,
      pane,
      pattern,
      lines,
      existing: existing || (isScript && !isNew) ? ("all" as const) : isNew ? ("none" as const) : undefined,
      endsWithCommand: !isScript,
      timeoutS: (timeout ?? seconds) as number, // the parser sees to it that one is given
      stateDir: () => context.paths.dir,
    };
    const found = await watchPane(context.server, options, context.interruptible);
    return { ...found, session, output: found.lines.join("\n") };
  },
});
