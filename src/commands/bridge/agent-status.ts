import { agentStatus } from "../../panes/agents.ts";
import { paneArg, sessionArg } from "../define.ts";
import { readingsJson, verdictJson } from "./agent-json.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("agent-status", {
  effect: "reads",
  examples: [
    "claude-tmux agent-status dev 0 | jq -r '.output | .state, .for'",
    "claude-tmux agent-status dev 0 --explain",
  ],
  notes: `What runs in the pane, whatever it is: a coding agent (kind), else a program or a shell. An agent's state comes from the
best of its sources: Claude Code's from the file that it keeps about itself, codex' and gemini's from the title that they
set, else from what its hooks told (agent-hook), which tell nothing of a refusal or an interrupt; opencode's from its plugin
(install opencode), which tells everything, else from what it shows. Its death comes first: it is dead when a hook of it had told
something, or a daemon that followed it has seen it end; else, once it has gone, only its shell is left to tell of. A progress
bar that it shows (OSC 9;4) tells that it works, where nothing better tells anything. Where nothing certain tells the state, it is
unknown, and never idle; because says why.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    explain: { type: "boolean", description: "with what each source says" },
  },
  schema: async () => (await import("../results/agent.ts")).AgentStatus,
  people: async () => (await import("../people/agents.ts")).agentStatus,
  async answer({ session, pane: name, explain }, { server }) {
    const found = await agentStatus(server, { session, pane: name });
    const output = { ...verdictJson(found), ...(explain && { readings: readingsJson(found, Date.now()) }) };
    return { session, pane: found.pane, output };
  },
});
