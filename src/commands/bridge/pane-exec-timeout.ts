import { execAndWait } from "../../panes/completion.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { commandArg, paneArg, placeWords, secondsArg, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";
import { endedResult } from "./ended-result.ts";

export default bridgeCommand("pane-exec-timeout", {
  effect: "changes",
  examples: [
    `claude-tmux pane-exec-timeout dev build 600 "make test" | jq .exit_code`,
    `claude-tmux pane-exec-timeout dev build --timeout 10m -- make test`,
  ],
  notes: `Exit codes: 0 when it has ended (exit_code tells how), 124 when the time has passed (it goes on), 1 with
ERR_COMMAND_ENDED when the pane went away and nobody can know how. In a busy pane, it first waits for what runs there.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    seconds: secondsArg,
    command: commandArg,
    timeout: timeoutArg,
  },
  schema: async () => (await import("../results/run.ts")).Ended,
  people: async () => (await import("../people/run.ts")).ended,
  waits: (place) => `the command in ${placeWords(place)}`,
  async answer({ session, pane, command, seconds, timeout }, context) {
    const options = {
      session,
      pane,
      command,
      timeoutS: timeout ?? seconds,
      stateDir: () => context.paths.dir,
    };
    touchTyped(context.paths.dir);
    const ended = await context.interruptible((signal) => execAndWait(context.server, { ...options, signal }));
    return endedResult(options.session, ended, "Command completed");
  },
});
