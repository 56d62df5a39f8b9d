import { execInPane } from "../../panes/exec.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { commandArg, paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-exec", {
  effect: "changes",
  examples: [
    `claude-tmux pane-exec dev 0 "make test"`,
    `claude-tmux pane-exec dev server 'echo "$HOME;"'`,
    `claude-tmux pane-exec dev build -- ls -la "my files"`,
  ],
  notes: `After -- everything is text, also what looks like an option. Several words there are quoted for the shell, so that
they reach the program as they are; one is a command line. What runs in the pane gets what is typed; with --if-idle it is
an error (ERR_PANE_BUSY), and nothing is typed.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    command: commandArg,
    "if-idle": { type: "boolean", description: "only where a shell waits at its prompt" },
  },
  schema: async () => (await import("../results/pane.ts")).Typed,
  answer: async ({ session, pane, command, "if-idle": isIfIdle }, { server, paths }) => {
    touchTyped(paths.dir);
    const typedInto = await execInPane(server, { session, pane, command, isIfIdle: isIfIdle === true });
    return { session, pane: typedInto, output: "Command sent" };
  },
});
