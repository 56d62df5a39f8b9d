import { pickSnapshot } from "../../snapshots/find.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-snapshot-show", {
  effect: "reads",
  examples: ["claude-tmux bridge session-snapshot-show dev | jq '.output.session.windows[].panes[] | {cwd, program}'"],
  notes: "Of a session, its newest whole snapshot. What panes showed is in parts, which are named by their sums.",
  args: {
    snapshot: {
      type: "positional",
      description: "its id, a session, or a file (with a slash in its path)",
      required: true,
    },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotShown,
  answer({ snapshot: word }, { server }) {
    const { name, snapshot } = pickSnapshot(word, server.socket);
    return { session: snapshot.session.name, output: snapshot, details: { snapshot: name } };
  },
});
