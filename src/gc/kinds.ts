// What is collected, in one shape, whatever it is.

/** The kinds of what is collected, and what several are called. */
export const KINDS = {
  session: "sessions",
  process: "processes",
  pipe: "pipes",
  hold: "holds",
  question: "questions",
  buffer: "buffers",
  client: "clients",
  file: "files",
  restore: "restores",
  view: "views",
  state: "states",
  log: "logs",
  event: "events",
  snapshot: "snapshots",
} as const;

/** One of them. */
export type Kind = keyof typeof KINDS;

/** Something that a process left which is no more. */
export interface LeftOver {
  kind: Exclude<Kind, "session" | "process">;
  /** it, in a word or two: the pane, the file, the process */
  what: string;
  why: string;
  /** throws what keeps it from being undone; what has gone meanwhile is undone */
  undo(): Promise<void> | void;
}

/** "2 pipes, 1 hold". Pure. */
export function countKinds(items: readonly { kind: Kind }[]): string {
  const kinds = Map.groupBy(items, ({ kind }) => kind);
  return [...kinds].map(([kind, { length }]) => `${length} ${length === 1 ? kind : KINDS[kind]}`).join(", ");
}

/** Undoes what is left over, as far as it can be, and returns that. */
export async function undoLeftOver<L extends LeftOver>(items: readonly L[]): Promise<L[]> {
  const undone: L[] = [];
  for (const item of items) {
    try {
      await item.undo();
      undone.push(item);
    } catch {
      // a pane that has gone meanwhile, a full disk: the next one finds what is left still
    }
  }
  return undone;
}
