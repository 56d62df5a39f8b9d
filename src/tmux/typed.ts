import { quoteCommand, type TmuxCommand } from "./run.ts";
import { BEFORE_OPTION } from "./shell-state.ts";

/** What pane-exec typed into a pane: a stamp that tells one typing from the next, and the text or its beginning. */
export interface Typed {
  id: string;
  text: string;
  isCut: boolean;
}

/** The pane option that holds the stamp of what was typed last. */
export const TYPED_OPTION = "@claude_tmux_typed";

// The last typings are kept, since several may wait for their echo: a log in two options, the second of which takes
// what the first holds when that is full. Not #{=N:...} to cut one: tmux 3.3 never ends when it measures a text with a
// character that has no width, such as U+2028.
const LOG_OPTION = "@claude_tmux_typed_log";
const OLDER_OPTION = "@claude_tmux_typed_older";
const LOG_MAX = 8000;
const TEXT_MAX = 2000;
const RECORD = "\u241e";
const UNIT = "\u241f";

/** The format whose expansion parseTyped reads: all that is known of what was typed into a pane. */
export const TYPED_FORMAT = `#{${OLDER_OPTION}}#{${LOG_OPTION}}`;

/** When the last typing was (ms since the epoch), from the value of TYPED_OPTION; 0 when there was none. */
export function typedAt(stamp: string): number {
  return Number.parseInt(stamp, 10) || 0;
}

/**
 * The commands that note in a pane's options what is about to be typed: echo can then be told from output, and a shell
 * that has not yet begun with it from one that has nothing to do.
 */
export function noteTyped(target: string, text: string): TmuxCommand[] {
  const stamp = `${Date.now()}-${process.pid}`;
  const shown = text.slice(0, TEXT_MAX).replaceAll(RECORD, "?").replaceAll(UNIT, "?");
  const set = ["set-option", "-p", "-t", target];
  const isFull = `#{e|>:#{n:${LOG_OPTION}},${LOG_MAX}}`;
  const keep = quoteCommand([...set, "-F", OLDER_OPTION, `#{${LOG_OPTION}}`]);
  const empty = quoteCommand([...set, LOG_OPTION, ""]);
  return [
    ["if-shell", "-F", "-t", target, isFull, `${keep} ; ${empty}`],
    [...set, "-a", LOG_OPTION, [`${RECORD}${stamp}`, text.length > TEXT_MAX ? "1" : "0", shown].join(UNIT)],
    [...set, TYPED_OPTION, stamp],
    [...set, "-F", BEFORE_OPTION, "#{pane_path}"],
  ];
}

/** Reads the expansion of TYPED_FORMAT: the stamp of the last typing ("" if none), and the typings, newest first. */
export function parseTyped(expansion: string): { last: string; typings: Typed[] } {
  // what comes before the first record is the rest of one that was cut off
  const [, ...records] = expansion.split(RECORD);
  const typings: Typed[] = [];
  for (const record of records.reverse()) {
    const [id = "", cut, text] = record.split(UNIT);
    if (text !== undefined) typings.push({ id, text, isCut: cut === "1" });
  }
  return { last: typings[0]?.id ?? "", typings };
}
