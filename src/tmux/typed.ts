import { quoteCommands, type TmuxCommand } from "./command-line.ts";
import { notePlace } from "./command-note.ts";
import { PATH_FORMAT } from "./format.ts";
import { KEY_OPTION, TYPED_LOG_OPTION, TYPED_OLDER_OPTION, TYPED_OPTION } from "./options.ts";
import type { ShellState } from "./shell-state.ts";
import { asMeant } from "./version.ts";

/** What pane-exec typed into a pane: a stamp that tells one typing from the next, and the text or its beginning. */
export interface Typed {
  id: string;
  text: string;
  isCut: boolean;
  /** the column where the cursor stood then, if it was for a shell at its prompt: its end, unless somebody had typed there */
  column?: number;
}

// The last typings are kept, since several may wait for their echo: a log in two options, the second of which takes
// what the first holds when that is full. Not #{=N:...} to cut one: tmux 3.3 never ends when it measures a text with a
// character that has no width, such as U+2028.
const LOG_MAX = 8000;
const TEXT_MAX = 2000;
const RECORD = "\u241e";
const UNIT = "\u241f";
/** A newline in a note: after one, tmux drops blanks and lines that begin with "#" (see quoteCommand). */
const NEWLINE = "\u2424";

/** The format whose expansion parseTyped reads: all that is known of what was typed into a pane. */
export const TYPED_FORMAT = `#{version}${UNIT}#{${TYPED_OLDER_OPTION}}#{${TYPED_LOG_OPTION}}`;

/** The last typing into a pane. */
export interface LastTyped {
  /** tells one typing from the next; "" when there was none */
  stamp: string;
  /** ms since the epoch; 0 when there was none */
  at: number;
  /** PATH_FORMAT of that moment: while it has not changed, what was typed has not been run */
  path: string;
}

/** Reads the value of TYPED_OPTION. Pure. */
export function parseLastTyped(value: string): LastTyped {
  const blank = value.indexOf(" ");
  const stamp = blank === -1 ? "" : value.slice(0, blank);
  return { stamp, at: Number.parseInt(stamp, 10) || 0, path: value.slice(blank + 1) };
}

/** A tmux format that is true as long as the last typing into a pane is the one of that stamp. */
export function isLastTyped(stamp: string): string {
  return stamp === "" ? `#{==:#{${TYPED_OPTION}},}` : `#{m:${stamp} *,#{${TYPED_OPTION}}}`;
}

/** A tmux format that is true when something has been typed at this very prompt. */
export function isTypedAt(prompt: ShellState): string {
  return `#{m:* ${textOf(prompt)},#{${TYPED_OPTION}}}`;
}

/**
 * A tmux format that is false while a shell waits at its prompt with nothing typed there by us: what is typed then would
 * be added to what somebody else has typed.
 */
export function isTypingAhead({ pid }: { pid: number }): string {
  const isIdle = `#{m:claude-tmux:#{${KEY_OPTION}};${pid};idle;*,#{pane_path}}`;
  return `#{?${isIdle},#{m:* #{pane_path},#{${TYPED_OPTION}}},1}`;
}

/** A tmux format that is true while a shell has told nothing after this. */
export function isToldLast(state: ShellState): string {
  return `#{==:#{pane_path},${textOf(state)}}`;
}

/** A tmux format that is true while something that no shell of the pane has told stands in the place of its word. */
export const IS_OTHER_TOLD = `#{?#{pane_path},#{?#{m:claude-tmux:#{${KEY_OPTION}};*,#{pane_path}},0,1},0}`;

/** A format for what the shell told: without the secret, since everybody may look at the arguments of processes. */
function textOf({ text, key }: ShellState): string {
  return text.replace(key, `#{${KEY_OPTION}}`);
}

/** A new stamp: the time, and who types. */
export function newStamp(): string {
  return `${Date.now()}-${process.pid}`;
}

/**
 * The commands that note in a pane's options what is about to be typed: echo can then be told from output, and a shell
 * that has not yet begun with it from one that has nothing to do.
 * @param isAtPrompt whether it is a command for a shell that waits at its prompt: then it is noted where that ends
 */
export function noteTyped(target: string, text: string, stamp = newStamp(), isAtPrompt = false): TmuxCommand[] {
  const note = noteText(target, text, stamp, isAtPrompt);
  return [...note, ...noteUnread(target, text.split("\n").length, stamp)];
}

/** The commands that note that so many lines are about to be typed, which a shell will have to deal with, and not which. */
export function noteUnread(target: string, lines: number, stamp = newStamp()): TmuxCommand[] {
  return [
    ...notePlace(target, lines),
    ["set-option", "-p", "-t", target, "-F", TYPED_OPTION, `${stamp} ${PATH_FORMAT}`],
  ];
}

/** The commands that note what is about to be typed, of which a shell at its prompt has nothing to deal with: a part of a line. */
export function notePart(target: string, text: string, stamp = newStamp()): TmuxCommand[] {
  const path = `#{s/^[^ ]* ?//:${TYPED_OPTION}}`; // what was typed before it may be still to be dealt with
  return [...noteText(target, text, stamp), ["set-option", "-p", "-t", target, "-F", TYPED_OPTION, `${stamp} ${path}`]];
}

function noteText(target: string, text: string, stamp: string, isAtPrompt = false): TmuxCommand[] {
  let shown = text.slice(0, TEXT_MAX);
  for (const ours of [RECORD, UNIT, NEWLINE]) shown = shown.replaceAll(ours, "?");
  shown = shown.replaceAll("\n", NEWLINE);
  const set = ["set-option", "-p", "-t", target];
  const isFull = `#{e|>:#{n:${TYPED_LOG_OPTION}},${LOG_MAX}}`;
  const keep = [...set, "-F", TYPED_OLDER_OPTION, `#{${TYPED_LOG_OPTION}}`];
  const empty = [...set, TYPED_LOG_OPTION, ""];
  const isCut = text.length > TEXT_MAX;
  const column = isAtPrompt ? " #{cursor_x}" : "";
  return [
    ["if-shell", "-F", "-t", target, isFull, quoteCommands([keep, empty])],
    [...set, "-aF", TYPED_LOG_OPTION, `${RECORD}${stamp}${UNIT}${isCut ? "1" : "0"}${column}${UNIT}`],
    [...set, "-a", TYPED_LOG_OPTION, shown],
  ];
}

/** Reads the expansion of TYPED_FORMAT: the stamp of the last typing ("" if none), and the typings, newest first. */
export function parseTyped(expansion: string): { last: string; typings: Typed[] } {
  // what comes between the version and the first record is the rest of one that was cut off
  const [head = "", ...records] = expansion.split(RECORD);
  const version = head.slice(0, head.indexOf(UNIT));
  const typings: Typed[] = [];
  for (const record of records.reverse()) {
    const [id = "", state = "", text] = record.split(UNIT);
    if (text === undefined) continue;
    const [cut, column] = state.split(" ");
    const meant = asMeant(version, text).replaceAll(NEWLINE, "\n");
    typings.push({ id, text: meant, isCut: cut === "1", ...(column !== undefined && { column: Number(column) }) });
  }
  return { last: typings[0]?.id ?? "", typings };
}
