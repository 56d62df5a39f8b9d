import { listSessions } from "../../panes/sessions.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-list", {
  effect: "reads",
  examples: ["claude-tmux session-list", "claude-tmux session-list --compact | jq -r '.output[].name'"],
  args: {},
  schema: async () => (await import("../results/session.ts")).SessionList,
  people: async () => (await import("../people/sessions.ts")).sessionList,
  answer(_, { server }) {
    const output = []; // a loop: the first use of map takes longer than all it does
    for (const { name, id, windows, isAttached, createdAt } of listSessions(server))
      output.push({ name, id, windows, attached: isAttached, created_at: new Date(createdAt).toISOString() });
    return { output };
  },
});
