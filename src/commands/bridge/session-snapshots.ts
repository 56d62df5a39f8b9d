import { isoSeconds } from "../../lib/clock.ts";
import { isRemoved, listSnapshots, problemSeen } from "../../snapshots/store.ts";
import { sizesOf } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-snapshots", {
  effect: "reads",
  examples: [
    "claude-tmux session-snapshots",
    "claude-tmux session-snapshots dev | jq -r '.output[] | [.snapshot, .panes, .note] | @tsv'",
  ],
  notes:
    "Lists the snapshots, the newest first, also those of other tmux servers. whole says whether all parts of one are there\nand none is empty, problem which are not; session-snapshot-verify reads them, and checks their sums.",
  args: { name: { type: "positional", description: "only those of the session of that name", required: false } },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotList,
  people: async () => (await import("../people/sessions.ts")).snapshotList,
  answer({ name }) {
    return {
      output: listSnapshots(name).flatMap((stored) => {
        const { id, bytes, snapshot } = stored;
        const problem = problemSeen(stored);
        if (problem !== undefined && isRemoved(stored)) return [];
        return {
          snapshot: id,
          name: snapshot?.session.name ?? null,
          taken_at: snapshot ? isoSeconds(snapshot.taken_at) : null,
          note: snapshot?.note ?? null,
          automatic: snapshot?.is_automatic === true,
          ...(snapshot ? sizesOf(snapshot) : { windows: 0, panes: 0, lines: 0 }),
          bytes,
          whole: problem === undefined,
          problem: problem ?? null,
        };
      }),
    };
  },
});
