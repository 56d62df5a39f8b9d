import { waitForPane } from "../../panes/wait.ts";
import { paneArg, placeWords, secondsArg, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";
import { endedResult } from "./ended-result.ts";

export default bridgeCommand("pane-wait", {
  effect: "reads",
  examples: [
    "claude-tmux bridge pane-wait dev build 600 | jq .exit_code",
    "claude-tmux bridge pane-wait dev build --any test --any lint | jq -r .pane",
  ],
  notes: `Without <seconds> it waits as long as it takes. Exit codes: 0 when it has ended (exit_code tells how), 124 when
the time passed, 1 with ERR_COMMAND_ENDED when the pane went away and nobody can know how. When the pane ended with what ran
there, pane_ended is true. In panes whose shell has no shell integration (method "foreground"),
exit_code is null. With --any, the first of the panes that is done ends the wait, and pane says which.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    seconds: { ...secondsArg, required: false },
    timeout: timeoutArg,
    any: {
      type: "string",
      description: "or another pane, whichever is the first: of this session, or %5, or dev:1.2",
      valueHint: "PANE",
      multiple: true,
      names: "pane",
    },
  },
  schema: async () => (await import("../results/run.ts")).Ended,
  people: async () => (await import("../people/run.ts")).ended,
  waits: (place) => `what runs in ${placeWords(place)}`,
  async answer({ session, pane, seconds, timeout, any }, context) {
    const options = { session, pane, timeoutS: timeout ?? seconds, stateDir: () => context.paths.dir };
    const ended = any
      ? await context.interruptible(async (signal) => {
          const { waitForAny } = await import("../../panes/wait-any.ts");
          return await waitForAny(context.server, { ...options, panes: any, signal });
        })
      : await waitForPane(context.server, options, context.interruptible);
    const result = endedResult(session, ended, "Command completed");
    return any ? { ...result, otherSession: ended.pane.session } : result;
  },
});
