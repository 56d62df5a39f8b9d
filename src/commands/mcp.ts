import { isTerminal } from "../lib/libc.ts";
import { command } from "./define.ts";
import { printError } from "./print.ts";

export default command({
  effect: "destroys",
  examples: [
    "claude-tmux mcp",
    "claude mcp add tmux -- claude-tmux mcp",
    "claude mcp add tmux -- claude-tmux -L work mcp --read-only",
  ],
  notes: `Model Context Protocol over stdin and stdout, for an agent's own client; it ends when its stdin does. The tools are list,
create, run, read, wait, send, ask, status and end, each of which answers as the bridge commands that it stands for. None of them
types into, signals or ends the pane that the server was started in, or ends its session.`,
  args: { "read-only": { type: "boolean", description: "offer only the tools that change nothing" } },
  async run({ "read-only": isReadOnly }, context) {
    if (isTerminal(0) && !context.quiet) {
      printError(
        "This is for an agent's client, which speaks JSON to it (claude mcp add tmux -- claude-tmux mcp). Ctrl-C ends it.",
      );
    }
    const { serve } = await import("./mcp/server.ts");
    return await serve(context, isReadOnly === true);
  },
});
