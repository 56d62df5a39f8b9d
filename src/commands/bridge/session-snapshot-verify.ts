import { AppError } from "../../lib/errors.ts";
import { findSnapshot, listSnapshots, problemsOf } from "../../snapshots/store.ts";
import { counted } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-snapshot-verify", {
  effect: "reads",
  examples: [
    "claude-tmux bridge session-snapshot-verify",
    "claude-tmux bridge session-snapshot-verify dev-20261129T184501Z",
  ],
  notes: "Reads all of the snapshots, or of one, and checks the sums. Exit code 1 if something is damaged or missing.",
  args: { snapshot: { type: "positional", description: "its id", required: false } },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotsVerified,
  answer({ snapshot: id }) {
    const one = id === undefined ? undefined : findSnapshot(id);
    if (id !== undefined && !one) throw new AppError("ERR_SNAPSHOT_NOT_FOUND", `There is no snapshot "${id}"`);
    const all = one ? [one] : listSnapshots();
    const damaged = all
      .map((stored) => ({ snapshot: stored.id, problems: problemsOf(stored) }))
      .filter(({ problems }) => problems.length > 0);
    const output = `${all.length - damaged.length} of ${counted(all.length, "snapshot")} whole`;
    return { output, exitCode: damaged.length > 0 ? 1 : 0, details: { damaged } };
  },
});
