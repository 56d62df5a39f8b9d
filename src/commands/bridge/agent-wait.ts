import { AGENT_STATES, SETTLED_STATES } from "../../agents/told.ts";
import { UNKNOWN_S, waitForAgent } from "../../panes/wait-agent.ts";
import { paneArg, placeWords, sessionArg, timeoutArg } from "../define.ts";
import { choice } from "../kinds.ts";
import { verdictJson } from "./agent-json.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("agent-wait", {
  effect: "reads",
  examples: [
    "claude-tmux agent-wait dev 0 --timeout 10m | jq -r .output.state",
    "claude-tmux agent-wait dev 0 --until waiting",
  ],
  notes: `Without --until it waits until the agent needs somebody or has nothing more to do: ${SETTLED_STATES.join(", ")}.
What is so already ends the wait at once. Another program counts, too, once it waits for input (kind is null).

Exit codes: 0 when it is so; 124 when the time passed; 1 when the agent has ended, which was not waited for, when there is none (a
shell at its prompt; what else runs there may be about to start one), and when what it does has been unknown for ${UNKNOWN_S} s, unless
that is what was waited for (--until unknown). Of an agent that has just been given a prompt, wait with agent-prompt --wait: it may be idle still.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    until: {
      type: "string",
      description: "until it is in this state, or in one of several",
      valueHint: "STATE",
      multiple: true,
      values: AGENT_STATES,
    },
    timeout: timeoutArg,
  },
  schema: async () => (await import("../results/agent.ts")).AgentReached,
  people: async () => (await import("../people/agents.ts")).agentReached,
  waits: (place) => `the agent in ${placeWords(place)}`,
  async answer({ session, pane, until, timeout }, { server, interruptible }) {
    const states = until?.map((state) => choice("--until", state, AGENT_STATES)) ?? SETTLED_STATES;
    const options = { session, pane, until: states, timeoutS: timeout };
    const found = await interruptible((signal) => waitForAgent(server, { ...options, signal }));
    return { session, pane: found.pane, output: verdictJson(found) };
  },
});
