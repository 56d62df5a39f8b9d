import type { LeftServer } from "./left.ts";

/** Something of ours that is taken away, in words. */
export interface Step {
  what: string;
  /** throws what keeps it from being so */
  run(): Promise<unknown> | unknown;
}

/** What is taken away, in order, and what stays. */
export interface Plan {
  /** of whom it is taken away, in words */
  scope: string;
  steps: Step[];
  kept: { what: string; why: string }[];
  /** the tmux servers that are not touched */
  left: LeftServer[];
  /** of what was asked for, what is not ours, and why */
  refused: { what: string; why: string }[];
  /** what the program is still needed for, in words */
  stillUsed: string | undefined;
  /** commands that a person may want to run then */
  next: string[];
}

/** What is taken away, while it is found out. */
export interface Draft extends Plan {
  /** the paths of what goes */
  going: Set<string>;
  /** the folders that go if nothing else is in them; and of those that are ours, the notes that go with them */
  folders: string[];
  notes: Set<string>;
}

/** What is asked for. */
export interface Wanted {
  /** all that was stored, too */
  isPurge: boolean;
  /** all tmux servers of this HOME, not just the one */
  isAll: boolean;
}

/** "1 pane", "2 panes". Pure. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
