import { AppError } from "../../lib/errors.ts";
import { findSnapshot, removeSnapshots } from "../../snapshots/store.ts";
import { counted } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-snapshot-delete", {
  effect: "destroys",
  examples: ["claude-tmux bridge session-snapshot-delete dev-20261129T184501Z"],
  notes: "Removes snapshots, and what no other one needs. All must be there, or none is removed.",
  args: {
    snapshot: { type: "positional", description: "their ids", required: true, multiple: true, isRest: true },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotsRemoved,
  async answer({ snapshot: ids }) {
    for (const id of ids) {
      if (!findSnapshot(id)) throw new AppError("ERR_SNAPSHOT_NOT_FOUND", `There is no snapshot "${id}"`);
    }
    const { removed, bytes } = await removeSnapshots(ids);
    return {
      output: `Removed ${counted(removed.length, "snapshot")}`,
      details: { dry_run: false, removed, bytes_freed: bytes },
    };
  },
});
