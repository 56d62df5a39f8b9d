import type { Difference } from "../snapshots/compare.ts";
import type { Snapshot } from "../snapshots/manifest.ts";

// What the commands on snapshots have in common, and how they tell of them.

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
