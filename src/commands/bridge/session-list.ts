import { listSessions } from "../../bridge/sessions.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-list", {
  summary: "List all sessions of the tmux server",
  examples: ["claude-tmux bridge session-list", "claude-tmux bridge session-list --compact | jq -r '.output[].name'"],
  args: {},
  answer: (_, { server }) => listSessions(server),
});
