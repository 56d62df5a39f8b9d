import { execInPane } from "../../bridge/exec.ts";
import { sessionName } from "../../lib/names.ts";
import { commandArg, paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-exec", {
  summary: "Type a command into a pane, byte for byte, and Enter",
  examples: [
    `claude-tmux bridge pane-exec dev 0 "make test"`,
    `claude-tmux bridge pane-exec dev server 'echo "$HOME;"'`,
  ],
  args: { session: sessionArg, pane: paneArg, command: commandArg },
  answer: ({ session, pane, command }, { server }) =>
    execInPane(server, { session: sessionName(session), pane, command }),
});
