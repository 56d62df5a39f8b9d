import { waitForPane } from "../../panes/wait.ts";
import { paneArg, placeWords, secondsArg, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";
import { endedResult } from "./ended-result.ts";

export default bridgeCommand("pane-wait", {
  effect: "reads",
  examples: [
    "claude-tmux pane-wait dev build 600 | jq .exit_code",
    "claude-tmux pane-wait dev build --any test --any lint | jq -r .pane",
  ],
  notes: `Without <seconds> it waits as long as it takes. Exit codes: 0 when it has ended (exit_code tells how), 124 when
the time passed, 1 with ERR_COMMAND_ENDED when the pane went away and nobody can know how. When the pane ended with what ran
there, pane_ended is true. In panes whose shell has no shell integration (method "foreground"),
exit_code is null. With --any, the first of the panes that is done ends the wait, and pane says which.

--last-lines tells the last lines of what ran, at most five; of a pane that goes away with it, those that were heard; where nobody
can know which lines are its own, those that the pane shows; none where something else has begun there since. Of a pane that was dead before (ERR_PANE_DEAD), it tells them and its
exit_code, too.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    seconds: { ...secondsArg, required: false },
    timeout: timeoutArg,
    "last-lines": { type: "boolean", description: "tell also the last lines that were written: last_lines" },
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
  async answer({ session, pane, seconds, timeout, any, "last-lines": wantsLines }, context) {
    const { paths, onLeft } = context;
    const options = { session, pane, timeoutS: timeout ?? seconds, stateDir: () => paths.dir, onLeft };
    const waitFor = wantsLines ? (await import("../../panes/wait-last.ts")).waitForLastLines : waitForPane;
    const ended = any
      ? await context.interruptible(async (signal) => {
          const { waitForAny } = await import("../../panes/wait-any.ts");
          return await waitForAny(context.server, { ...options, panes: any, signal }, waitFor);
        })
      : await waitFor(context.server, options, context.interruptible);
    const result = endedResult(session, ended, "Command completed");
    return any ? { ...result, otherSession: ended.pane.session } : result;
  },
});
