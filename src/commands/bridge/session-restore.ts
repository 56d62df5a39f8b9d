import { pickSnapshot } from "../../snapshots/find.ts";
import { planHere, restoreSession } from "../../snapshots/restore.ts";
import { counted, sizesOf, tellDifferences } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-restore", {
  effect: "changes",
  examples: [
    "claude-tmux bridge session-restore dev",
    "claude-tmux bridge session-restore dev --dry-run | jq '.missing'",
    "claude-tmux bridge session-restore ./dev.snapshot.json --as copy",
  ],
  notes: `Makes the session of a snapshot anew: by the name of a session, from its newest whole one. Each pane has a shell in its
folder, below what it showed. Nothing is typed, and no program is started: missing says what ran, and whatever else does not come
back. A folder that is not there is replaced by the home folder. Variables that were secrets are taken from this command's own
environment. Of a file, whoever wrote it, nothing is used that could run something. What fails half-way is taken away again.
Afterwards all of it is looked at: differences says what is not as it was.`,
  args: {
    snapshot: {
      type: "positional",
      description: "its id, a session, or a file (with a slash in its path)",
      required: true,
    },
    as: { type: "string", description: "another name for the session", valueHint: "name", kind: "sessionName" },
    "dry-run": { type: "boolean", description: "say what would come back and what would not, and do none of it" },
  },
  schema: async () => (await import("../results/snapshot.ts")).SessionRestored,
  async answer({ snapshot: word, as, "dry-run": isDry = false }, { server, paths }) {
    const found = pickSnapshot(word, server.socket);
    const { snapshot, isOwn, textOf } = found;
    const sizes = sizesOf(snapshot);
    const what = `${counted(sizes.windows, "window")} and ${counted(sizes.panes, "pane")}`;
    const facts = {
      snapshot: found.name,
      ...sizes,
      skipped: found.skipped.map(({ id, why }) => ({ snapshot: id, why })),
    };
    if (isDry) {
      const { name, missing } = await planHere(server, snapshot, { as, isOwn });
      const output = `${what} would come back as "${name}"`;
      return { session: name, output, details: { dry_run: true, ...facts, missing, differences: [] } };
    }
    const { name, missing, differences } = await restoreSession(server, paths, snapshot, { as, isOwn, textOf });
    return {
      session: name,
      output: `${what} came back as "${name}"`,
      details: { dry_run: false, ...facts, missing, differences: tellDifferences(differences) },
    };
  },
});
