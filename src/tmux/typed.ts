import { parseRows, rowFormat } from "./format.ts";
import type { TmuxCommand } from "./run.ts";

/** What pane-exec typed into a pane: a stamp that tells one typing from the next, and the text or its beginning. */
export interface Typed {
  id: string;
  text: string;
  isCut: boolean;
}

/** The pane option that holds the stamp of what was typed last. */
export const TYPED_OPTION = "@claude_tmux_typed";

// The last typings are kept, since several may wait for their echo: each in one of so many options, in turn.
const SLOTS = 16;
const TEXT_MAX = 2000;
const SLOT_OPTIONS = Array.from({ length: SLOTS }, (_, slot) => `${TYPED_OPTION}_${slot}`);

/** The format whose expansion parseTyped reads: all that is known of what was typed into a pane. */
export const TYPED_FORMAT = rowFormat([TYPED_OPTION, ...SLOT_OPTIONS]);

/** The commands that note in a pane's options what is about to be typed; the daemon can then tell echo from output. */
export function noteTyped(target: string, text: string): TmuxCommand[] {
  const stamp = `${Date.now()}-${process.pid}`;
  const slot = SLOT_OPTIONS[process.pid % SLOTS] ?? TYPED_OPTION;
  const note = `${stamp} ${text.length > TEXT_MAX ? 1 : 0} ${text.slice(0, TEXT_MAX)}`;
  return [
    ["set-option", "-p", "-t", target, slot, note],
    ["set-option", "-p", "-t", target, TYPED_OPTION, stamp],
  ];
}

/** Reads the expansion of TYPED_FORMAT: the stamp of the last typing ("" if none), and the typings, newest first. */
export function parseTyped(expansion: string): { last: string; typings: Typed[] } {
  const [row] = parseRows([TYPED_OPTION, ...SLOT_OPTIONS], `${expansion}\n`);
  if (!row) return { last: "", typings: [] };
  const typings = SLOT_OPTIONS.flatMap((option) => {
    const [, id, cut, text] = /^(\S+) ([01]) (.*)$/s.exec(row[option] ?? "") ?? [];
    return id === undefined || text === undefined ? [] : [{ id, text, isCut: cut === "1" }];
  });
  const time = ({ id }: Typed) => Number.parseInt(id, 10);
  return { last: row[TYPED_OPTION] ?? "", typings: typings.toSorted((a, b) => time(b) - time(a)) };
}
