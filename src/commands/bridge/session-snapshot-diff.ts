import { compare } from "../../snapshots/compare.ts";
import { counted, pick, SNAPSHOT_WORDS, tellDifferences } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-snapshot-diff", {
  effect: "reads",
  examples: ["claude-tmux session-snapshot-diff dev-20261129T184501Z dev"],
  notes: "What two snapshots differ in, but for ids and moments. Exit code 1 if they do.",
  args: {
    before: { type: "positional", description: SNAPSHOT_WORDS, required: true },
    after: { type: "positional", description: SNAPSHOT_WORDS, required: true },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotsCompared,
  answer({ before, after }, context) {
    const [old, now] = [pick(before, context), pick(after, context)];
    const differences = compare(old, now, { withPrograms: true });
    const output =
      differences.length === 0 ? "They are the same" : `They differ in ${counted(differences.length, "place")}`;
    return { output, exitCode: differences.length > 0 ? 1 : 0, details: { differences: tellDifferences(differences) } };
  },
});
