import { pick, SNAPSHOT_WORDS } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-snapshot-show", {
  effect: "reads",
  examples: ["claude-tmux session-snapshot-show dev | jq '.output.session.windows[].panes[] | {cwd, program}'"],
  notes: "Of a session, its newest whole snapshot. What panes showed is in parts, which are named by their sums.",
  args: {
    snapshot: {
      type: "positional",
      description: SNAPSHOT_WORDS,
      required: true,
    },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotShown,
  people: async () => (await import("../people/sessions.ts")).snapshotShown,
  answer({ snapshot: word }, context) {
    const { name, snapshot } = pick(word, context);
    return { session: snapshot.session.name, output: snapshot, details: { snapshot: name } };
  },
});
