import { killSession } from "../../bridge/sessions.ts";
import { sessionName } from "../../lib/names.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-kill", {
  summary: "End a session and everything that runs in it",
  examples: ["claude-tmux bridge session-kill dev"],
  args: {
    name: { type: "positional", description: "the session, by its exact name", required: true, names: "session" },
  },
  answer: ({ name }, { server }) => killSession(server, sessionName(name)),
});
