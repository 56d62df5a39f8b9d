import { syncViews } from "../../panes/view.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("state-sync", {
  effect: "changes",
  examples: ["claude-tmux state-sync", "claude-tmux state-sync dev"],
  notes: `The files are in the state folder, one for each session: a view of what tmux knows, never read back. Without
<session>, all sessions are written, and the files of sessions that no longer exist are removed.`,
  args: { session: { type: "positional", description: "only this session", required: false, names: "session" } },
  schema: async () => (await import("../results/session.ts")).StateSynced,
  async answer({ session }, { server, paths }) {
    const names = await syncViews(server, paths, session);
    return { session: session ?? "", output: `Synced: ${names.join(", ") || "no sessions"}` };
  },
});
