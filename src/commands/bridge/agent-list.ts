import { listAgents } from "../../panes/agents.ts";
import { sessionArg } from "../define.ts";
import { verdictJson } from "./agent-json.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("agent-list", {
  effect: "reads",
  examples: [
    "claude-tmux agent-list",
    `claude-tmux agent-list dev --compact | jq -c '.output[] | [.pane, .kind, .state, .for]'`,
  ],
  notes: `Every pane in whose foreground a coding agent runs (claude, codex, gemini, opencode, copilot), or ran until it was ended:
those first that need somebody; said is what it has said last, where it keeps a transcript. Panes without one are not listed.`,
  args: { session: { ...sessionArg, required: false } },
  schema: async () => (await import("../results/agent.ts")).AgentList,
  people: async () => (await import("../people/agents.ts")).agentList,
  async answer({ session }, { server }) {
    return { output: (await listAgents(server, session)).map(verdictJson) };
  },
});
