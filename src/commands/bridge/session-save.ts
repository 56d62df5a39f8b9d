import { resolve } from "node:path";
import { baseName } from "../../lib/names.ts";
import { runningAs } from "../../process/holder.ts";
import { manifestText, type Snapshot } from "../../snapshots/manifest.ts";
import { saveSession, takeSnapshot } from "../../snapshots/save.ts";
import { snapshotFileText, writeSnapshotFile } from "../../snapshots/snapshot-file.ts";
import { subscriptionsIn } from "../../store/subscriptions-now.ts";
import { sessionArg } from "../define.ts";
import { counted, sizesOf } from "../snapshots.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-save", {
  effect: "changes",
  examples: [
    "claude-tmux session-save dev",
    'claude-tmux session-save dev --note "before the upgrade"',
    "claude-tmux session-save dev ./dev.snapshot.json",
  ],
  notes: `Takes a snapshot: windows, panes, layouts, names, titles, folders, labels, metadata, options, the session's environment,
what runs in each pane, and what each shows, its history too. It is kept in $XDG_STATE_HOME/claude-tmux/snapshots
(~/.local/state), or in the file, which must not be there yet. Variables, options, metadata and arguments of programs
that are secrets by their names or looks are stored without their values, and hidden says so; an option that is not
known for it (-p PASSWORD of any program) and what panes show may hold secrets all the same: the files are yours alone
(0600), and --no-scrollback leaves that out.`,
  args: {
    session: sessionArg,
    file: { type: "positional", description: "a file to write it to, with all that belongs to it", required: false },
    note: { type: "string", description: "what it is for, for who looks later", valueHint: "text", kind: "note" },
    "no-scrollback": { type: "boolean", description: "without what the panes show" },
    "no-env": { type: "boolean", description: "without the session's environment" },
  },
  schema: async () => (await import("../results/snapshot.ts")).SnapshotSaved,
  waits: ({ session }) => `${session} to be saved`,
  async answer({ session, file, note, "no-scrollback": noText, "no-env": noEnvironment }, { server, paths }) {
    const options = {
      session,
      note,
      withText: noText !== true,
      withEnvironment: noEnvironment !== true,
      subscriptions: subscriptionsIn(paths.database),
      isHeard: runningAs("daemon", paths.daemonLock) !== undefined,
    };
    let saved: { id: string; bytes: number };
    let snapshot: Awaited<ReturnType<typeof takeSnapshot>>["snapshot"];
    if (file === undefined) {
      const done = await saveSession(server, options);
      ({ snapshot } = done);
      saved = done;
    } else {
      const taken = await takeSnapshot(server, options);
      ({ snapshot } = taken);
      const text = snapshotFileText(manifestText(snapshot), taken.parts);
      const path = resolve(file);
      writeSnapshotFile(path, text);
      saved = { id: path, bytes: Buffer.byteLength(text) };
    }
    const sizes = sizesOf(snapshot);
    return {
      session: snapshot.session.name,
      output: `Saved ${counted(sizes.windows, "window")} and ${counted(sizes.panes, "pane")} as ${saved.id}`,
      details: {
        snapshot: saved.id,
        ...sizes,
        bytes_written: saved.bytes,
        hidden: hiddenIn(snapshot),
      },
    };
  },
});

/** What is not stored, in words. */
function hiddenIn({ session, left_out: leftOut }: Snapshot): string[] {
  const panes = session.windows.flatMap(({ index, panes: all }) =>
    all.map((pane) => ({ pane, where: `pane ${index}.${pane.index}` })),
  );
  const ofPanes = panes.flatMap(({ pane: { environment, program, jobs }, where }) => {
    const programs = program ? [program, ...jobs] : jobs;
    const variables = [environment, ...programs.map((one) => one.environment)].flatMap((one) => one?.hidden ?? []);
    const cut = programs.filter((one) => one.cut === "secret");
    return [
      ...variables.map((name) => `the variable ${name} of ${where}`),
      ...cut.map(({ argv: [name = ""] }) => `an argument of ${baseName(name)} in ${where}`),
    ];
  });
  return [...session.environment.hidden, ...ofPanes, ...leftOut.map(({ where, what }) => `${what} of ${where}`)];
}
