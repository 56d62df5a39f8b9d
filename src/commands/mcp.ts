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
  notes: `Model Context Protocol over stdin and stdout, for an agent's own client; it ends when its stdin does, and a second later
gives up the calls that go on, which are answered as such. The tools are list, create, run, read, wait, send, ask, status,
agent, tell, end and snapshot, each of which answers as the bridge commands that it stands for. None of them types into, signals or ends the pane that the server was started in, or ends its session.

What a coding agent in another pane asks leave for is a person's to answer: without --allow-answers, tell gives prompts and
answers questions, but gives no permission; and send, ask and run refuse to type where a coding agent has the terminal,
unless it is idle, or asks a question. One that works may ask at any moment: it takes Escape and Ctrl-C alone.`,
  args: {
    "read-only": { type: "boolean", description: "offer only the tools that change nothing" },
    "allow-answers": {
      type: "boolean",
      description: "let it answer what coding agents ask leave for, and type into those that may ask",
    },
  },
  async run({ "read-only": isReadOnly, "allow-answers": allowsAnswers }, context) {
    if (isTerminal(0) && !context.quiet) {
      printError(
        "This is for an agent's client, which speaks JSON to it (claude mcp add tmux -- claude-tmux mcp). Ctrl-C ends it.",
      );
    }
    const { serve } = await import("./mcp/server.ts");
    return await serve(context, { isReadOnly: isReadOnly === true, allowsAnswers: allowsAnswers === true });
  },
});
