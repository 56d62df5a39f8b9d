import { removeWish } from "../../snapshots/wishes.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-autosave-stop", {
  effect: "changes",
  examples: ["claude-tmux session-autosave-stop dev", "claude-tmux session-autosave-stop --all"],
  notes: "What was saved stays. --all ends it for all sessions, also those that were named one by one.",
  args: {
    name: { type: "positional", description: "the session's name", required: true, unless: "all" },
    all: { type: "boolean", description: "for all sessions" },
  },
  schema: async () => (await import("../results/snapshot.ts")).AutosaveSet,
  async answer({ name, all }, { server }) {
    const was = await removeWish(server, all ? undefined : name);
    const what = all ? "any session" : `"${name}"`;
    const output = was ? `The daemon does not save ${what} any more` : `The daemon did not save ${what} by itself`;
    return { output, details: { enabled: false } };
  },
});
