import { AppError } from "../../lib/errors.ts";
import { findSnapshot, listSnapshots, removeSnapshots } from "../../snapshots/store.ts";
import { counted } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

const LISTED_MAX = 20;

export default bridgeCommand("session-snapshot-delete", {
  effect: "destroys",
  examples: ["claude-tmux session-snapshot-delete dev-20261129T184501Z"],
  notes:
    "Removes snapshots, and what no other one needs. All must be there, or none is removed. A session's name is refused.",
  args: {
    snapshot: { type: "positional", description: "their ids", required: true, multiple: true, isRest: true },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotsRemoved,
  async answer({ snapshot: ids }) {
    for (const id of ids) if (!findSnapshot(id)) throw noId(id);
    const { removed, bytes } = await removeSnapshots(ids);
    return {
      output: `Removed ${counted(removed.length, "snapshot")}`,
      details: { dry_run: false, removed, bytes_freed: bytes },
    };
  },
});

/** The error for a word that is no id: of a session, with those that there are of it. */
function noId(word: string): AppError {
  // of those that can't be read it is not known of which session they are
  const own = listSnapshots(word).flatMap(({ id, snapshot }) => (snapshot ? [id] : []));
  if (own.length === 0) {
    return new AppError("ERR_SNAPSHOT_NOT_FOUND", `There is no snapshot "${word}", so none was removed`, {
      hint: "Give ids, as session-snapshots lists them.",
    });
  }
  const more = own.length > LISTED_MAX ? ` and ${own.length - LISTED_MAX} more` : "";
  return new AppError("ERR_INVALID_ARGUMENT", `"${word}" is a session and no snapshot, so none was removed`, {
    hint: `Give the ids of those that are to go: ${own.slice(0, LISTED_MAX).join(", ")}${more}`,
  });
}
