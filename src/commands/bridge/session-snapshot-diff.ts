import { compare } from "../../snapshots/compare.ts";
import { pickSnapshot } from "../../snapshots/find.ts";
import { counted, tellDifferences } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

const described = "its id, a session, or a file (with a slash in its path)";

export default bridgeCommand("session-snapshot-diff", {
  effect: "reads",
  examples: ["claude-tmux bridge session-snapshot-diff dev-20261129T184501Z dev"],
  notes: "What two snapshots differ in, but for ids and moments. Exit code 1 if they do.",
  args: {
    before: { type: "positional", description: described, required: true },
    after: { type: "positional", description: described, required: true },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotsCompared,
  answer({ before, after }, { server }) {
    const [old, now] = [pickSnapshot(before, server.socket), pickSnapshot(after, server.socket)];
    const differences = compare(old, now, { withPrograms: true });
    const output =
      differences.length === 0 ? "They are the same" : `They differ in ${counted(differences.length, "place")}`;
    return { output, exitCode: differences.length > 0 ? 1 : 0, details: { differences: tellDifferences(differences) } };
  },
});
