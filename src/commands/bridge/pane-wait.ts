import { waitForPane } from "../../panes/wait.ts";
import { paneArg, secondsArg, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";
import { endedResult } from "./ended-result.ts";

export default bridgeCommand("pane-wait", {
  effect: "reads",
  examples: ["claude-tmux bridge pane-wait dev build 600 | jq .exit_code"],
  notes: `Without <seconds> it waits as long as it takes. Exit codes: 0 when it has ended (exit_code tells how), 124 when
the time passed, 1 with ERR_COMMAND_ENDED when the pane went away and nobody can know how. When the pane ended with what ran
there, pane_ended is true. In panes whose shell has no shell integration (method "foreground"),
exit_code is null.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    seconds: { ...secondsArg, required: false },
    timeout: timeoutArg,
  },
  schema: async () => (await import("../results/run.ts")).Ended,
  async answer({ session, pane, seconds, timeout }, context) {
    const options = { session, pane, timeoutS: timeout ?? seconds, stateDir: () => context.paths.dir };
    const ended = await waitForPane(context.server, options, context.interruptible);
    return endedResult(options.session, ended, "Command completed");
  },
});
