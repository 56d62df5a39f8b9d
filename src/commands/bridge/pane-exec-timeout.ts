import { execAndWait } from "../../bridge/completion.ts";
import { endedResult } from "../../bridge/ended.ts";
import { sessionName } from "../../lib/names.ts";
import { commandArg, paneArg, sessionArg } from "../define.ts";
import { interruptible } from "../interrupt.ts";
import { seconds } from "../values.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-exec-timeout", {
  summary: "Type a command into a pane and wait until it has ended, with a time-out",
  examples: [`claude-tmux bridge pane-exec-timeout dev build 600 "make test" | jq .exit_code`],
  notes: `Exit codes: 0 when it has ended (exit_code tells how), 124 when the time passed (it goes on running), 1 with
ERR_COMMAND_ENDED when the pane went away and nobody can know how. In a pane that is busy, it waits for what runs there, too.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    seconds: { type: "positional", description: "how long to wait at most", required: true },
    command: commandArg,
  },
  async answer({ session, pane, seconds: limit, command }, context) {
    const options = {
      session: sessionName(session),
      pane,
      command,
      timeoutS: seconds("seconds", limit),
      stateDir: () => context.paths.dir,
    };
    const ended = await interruptible((signal) => execAndWait(context.server, { ...options, signal }));
    return endedResult(options.session, ended, "Command completed");
  },
});
