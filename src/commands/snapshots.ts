import type { Difference } from "../snapshots/compare.ts";
import { type Found, meant, pickSnapshot } from "../snapshots/find.ts";
import type { Snapshot } from "../snapshots/manifest.ts";
import type { Context } from "./define.ts";

// What the commands on snapshots have in common, and how they tell of them.

/** What can be said in place of a snapshot. */
export const SNAPSHOT_WORDS = "its id, a session (its newest whole one), or a file, in this order";

/** The snapshot that a word means, and a remark where a file of that name was meant instead, perhaps. Throws as pickSnapshot(). */
export function pick(
  word: string,
  { server, note, withText = true }: Pick<Context, "server" | "note"> & { withText?: boolean },
): Found {
  const what = meant(word);
  if (what && "ofSession" in what && what.hasFile)
    note(`"${word}" is taken for the session; for the file of that name say ./${word}`);
  return pickSnapshot(word, server.socket, { withText, what });
}

/** How much is in a snapshot. */
export function sizesOf({ session: { windows } }: Snapshot) {
  const panes = windows.flatMap((window) => window.panes);
  return {
    windows: windows.length,
    panes: panes.length,
    lines: panes.reduce((sum, { text }) => sum + (text?.lines ?? 0), 0),
  };
}

/** Differences, with null for what is not there. */
export function tellDifferences(differences: readonly Difference[]) {
  return differences.map(({ where, what, before = null, after = null }) => ({ where, what, before, after }));
}

/** `3 windows`, `1 pane`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
