import { AppError } from "../../lib/errors.ts";
import { meant, noSnapshot } from "../../snapshots/find.ts";
import { readSnapshotFile } from "../../snapshots/snapshot-file.ts";
import { isRemoved, listSnapshots, problemsOf } from "../../snapshots/store.ts";
import { counted } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-snapshot-verify", {
  effect: "reads",
  examples: [
    "claude-tmux session-snapshot-verify",
    "claude-tmux session-snapshot-verify dev",
    "claude-tmux session-snapshot-verify dev-20261129T184501Z",
  ],
  notes:
    "Reads all of the snapshots, or of those that are named, and checks the sums. Exit code 1 if something is damaged or missing.",
  args: {
    snapshot: {
      type: "positional",
      description: "its id, a session (all of its snapshots), or a file, in this order",
      required: false,
    },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotsVerified,
  answer({ snapshot: word }) {
    const all = lookedAt(word);
    const damaged = all.filter(({ problems }) => problems.length > 0);
    const output = `${all.length - damaged.length} of ${counted(all.length, "snapshot")} whole`;
    return { output, exitCode: damaged.length > 0 ? 1 : 0, details: { damaged } };
  },
});

/** The snapshots that a word means, or all, and what is wrong with each. Throws ERR_SNAPSHOT_NOT_FOUND. */
function lookedAt(word: string | undefined): { snapshot: string; problems: string[] }[] {
  const what = word === undefined ? { ofSession: listSnapshots() } : meant(word);
  if (!what) throw noSnapshot(word ?? "");
  if ("file" in what) return [{ snapshot: what.file, problems: problemsOfFile(what.file) }];
  const stored = "stored" in what ? [what.stored] : what.ofSession;
  return stored.flatMap((one) => {
    const problems = problemsOf(one);
    return problems.length > 0 && isRemoved(one) ? [] : [{ snapshot: one.id, problems }];
  });
}

function problemsOfFile(path: string): string[] {
  try {
    readSnapshotFile(path);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === "ERR_SNAPSHOT_NOT_FOUND") throw thrown;
    return [thrown.message];
  }
}
