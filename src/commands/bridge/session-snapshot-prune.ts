import { prunable } from "../../snapshots/retention.ts";
import { listSnapshots, removeSnapshots } from "../../snapshots/store.ts";
import { counted } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

const KEEP = "10";

export default bridgeCommand("session-snapshot-prune", {
  effect: "destroys",
  examples: [
    "claude-tmux session-snapshot-prune --dry-run | jq '.removed'",
    "claude-tmux session-snapshot-prune dev --keep 3",
  ],
  notes: `Of each session, keeps the newest 10 snapshots (--keep), and of the others the last of each hour for a day, and the last
of each day for a week. Those to which somebody has given a note stay, and those that can't be read. Removes also what
no snapshot needs.`,
  args: {
    name: { type: "positional", description: "only those of the session of that name", required: false },
    keep: {
      type: "string",
      description: "how many of the newest stay in any case",
      valueHint: "N",
      default: KEEP,
      kind: "count",
    },
    "dry-run": { type: "boolean", description: "say what would be removed, and do none of it" },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotsRemoved,
  async answer({ name, keep, "dry-run": isDry = false }) {
    const all = listSnapshots(name).flatMap(({ id, snapshot }) => (snapshot ? [{ id, snapshot }] : []));
    const old = prunable(all, { now: Date.now(), keep }).map(({ id }) => id);
    const { removed, bytes } = isDry ? { removed: old, bytes: 0 } : await removeSnapshots(old);
    const output = `${isDry ? "Would remove" : "Removed"} ${counted(removed.length, "snapshot")}`;
    return { output, details: { dry_run: isDry, removed, bytes_freed: bytes } };
  },
});
