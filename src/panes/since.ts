import type { CommandNote } from "../tmux/command-note.ts";
import type { Pane } from "../tmux/panes.ts";
import { parseShellState, type ShellState } from "../tmux/shell-state.ts";
import type { Typed } from "../tmux/typed.ts";
import { lineOfRow } from "./last-words.ts";

/** What is known of the last command of a pane. */
export interface LastCommand {
  /**
   * `running`, or `ended` with nobody having waited for it; `none`: nothing runs, and what ran last is nobody's
   * question; `untold`: the pane's shell does not tell
   */
  state: "running" | "ended" | "none" | "untold";
  /** whether pane-exec or its like typed it; else a person did */
  isTyped: boolean;
}

/** What a pane shows, from the top of its history on. */
export interface Shown {
  /** as the pane has them, and the same joined to lines, without blanks at their ends */
  rows: readonly string[];
  lines: readonly string[];
  historySize: number;
  width: number;
  isAlternate: boolean;
  note: CommandNote;
  /** what was typed last */
  typed: Typed | undefined;
}

/** Whose command a pane's last one is, and whether it runs. Pure. */
export function lastCommand(
  pane: Pick<Pane, "shell" | "typed" | "isTypedPending">,
  note: CommandNote,
  activity: { isFollowed: boolean; isRunning: boolean },
): LastCommand {
  if (!activity.isFollowed) return { state: "untold", isTyped: false };
  const isTyped = isLastTyped(pane, note, activity.isRunning);
  if (activity.isRunning) return { state: pane.shell || isTyped ? "running" : "none", isTyped };
  return { state: isTyped && !note.isAwaited ? "ended" : "none", isTyped };
}

function isLastTyped(
  { shell, typed, isTypedPending }: Pick<Pane, "shell" | "typed" | "isTypedPending">,
  { lines }: CommandNote,
  isRunning: boolean,
): boolean {
  if (typed.stamp === "") return false;
  // at a prompt at which nothing runs it was given up
  if (isTypedPending) return isRunning;
  if (!shell) return true;
  const at = promptAt(typed.path, shell);
  if (at === undefined) return false;
  const run = isRunning ? shell.prompt : shell.prompt - 1; // the prompt at which the last command was started
  return run >= at.from && run < at.to + Math.max(1, lines);
}

/** The prompts at which what was typed may have begun to be read; undefined for what another shell was told. */
function promptAt(path: string, shell: ShellState): { from: number; to: number } | undefined {
  if (path === "") return { from: 0, to: 1 };
  const state = parseShellState(path);
  if (state?.pid !== shell.pid || state.key !== shell.key) return undefined;
  // what is typed while something runs is for that, or for the prompt after it
  return state.word === "idle"
    ? { from: state.prompt, to: state.prompt }
    : { from: state.prompt, to: state.prompt + 1 };
}

/**
 * The first of the lines that the pane's last command wrote (the echo of what was typed may be among them), or undefined
 * where that can't be known. Pure.
 */
export function firstLineOf(
  shown: Shown,
  { isTyped }: LastCommand,
  pane: Pick<Pane, "shell" | "typed" | "isTypedPending">,
): number | undefined {
  const first = isTyped ? firstOfTyped(shown, pane) : firstOfOther(shown, pane);
  // all that a full-screen program shows is its own
  return first === undefined || !shown.isAlternate ? first : Math.min(first, lineAt(shown, shown.historySize));
}

function firstOfTyped(
  shown: Shown,
  { shell, typed, isTypedPending }: Pick<Pane, "shell" | "typed" | "isTypedPending">,
): number {
  const { lines, note } = shown;
  const text = shown.typed?.text ?? "";
  const place = note.place && isInPlace(shown) ? lineAt(shown, note.place.row) : undefined;
  const isAhead = typed.path !== "" && parseShellState(typed.path)?.word !== "idle";
  if (place !== undefined && !isAhead && isEchoOf(lines, place, text)) return place;
  const echo = lastEcho(lines, text, isAhead ? (place ?? 0) : 0);
  if (echo !== undefined && (!isTypedPending || place === undefined)) return echo + 1;
  // the echo may be still to come, also of what the shell has taken and not begun
  if (isTypedPending || shell?.word === "take") return place ?? lines.length;
  // an echo that would be found and is not has been cleared away, or dropped from the history, with all before it
  return isOneLine(text) && !isAhead ? 0 : (place ?? 0);
}

/**
 * What stands before the prompt on the line of the cursor: a last line that the command did not end. The prompt is the one at which it was
 * typed; "" where that is not known, or is another one now. Pure.
 */
export function unendedBefore(shown: Shown, cursorLine: number): string {
  const { lines, note } = shown;
  const text = (shown.typed?.text ?? "").split("\n")[0]?.trim() ?? "";
  const line = note.place && isInPlace(shown) ? (lines[lineAt(shown, note.place.row)] ?? "") : "";
  const prompt = text === "" ? "" : line.slice(0, Math.max(0, line.lastIndexOf(text))).trimEnd();
  const now = (lines[cursorLine] ?? "").trimEnd();
  // a line that begins with the prompt goes on with what somebody has begun to type
  const isBehind = prompt !== "" && now.endsWith(prompt) && !now.startsWith(prompt);
  return isBehind ? now.slice(0, -prompt.length).trimEnd() : "";
}

/**
 * A command that nobody noted: it is below the last prompt. What prompts look like is known where something was typed at
 * one, and it counts only if all those that the shell has shown since are there.
 */
function firstOfOther(shown: Shown, { shell, typed }: Pick<Pane, "shell" | "typed">): number | undefined {
  if (shell?.prompt === 1) return 0;
  const at = parseShellState(typed.path);
  const text = shown.typed?.text ?? "";
  if (
    !shell ||
    at?.pid !== shell.pid ||
    at.key !== shell.key ||
    at.word !== "idle" ||
    !isOneLine(text) ||
    shown.note.lines > 1
  )
    return undefined;
  const place = shown.note.place && isInPlace(shown) ? lineAt(shown, shown.note.place.row) : undefined;
  const isThere = place !== undefined && isEchoOf(shown.lines, place, text);
  const echo = isThere ? place : lastEcho(shown.lines, text, 0);
  const line = shown.lines[echo ?? -1] ?? "";
  const prompt = line.slice(0, Math.max(0, line.lastIndexOf(text.trim()))).trimEnd();
  if (echo === undefined || prompt === "") return undefined;
  const prompts: number[] = [];
  for (let i = echo; i < shown.lines.length; i++) if (shown.lines[i]?.startsWith(prompt)) prompts.push(i);
  const last = prompts.at(-1);
  return last !== undefined && prompts.length === shell.prompt - at.prompt + 1 ? last + 1 : undefined;
}

/** Whether rows are still counted as they were when the text was typed. */
function isInPlace({ historySize, width, note: { place } }: Shown): boolean {
  return place !== undefined && place.width === width && place.historySize <= historySize;
}

function lineAt({ rows, lines }: Shown, row: number): number {
  return lineOfRow(rows, lines, row);
}

/** Whether the beginning of a text stands on a line, behind a prompt, or, broken by the shell, on it and the next ones. */
function isEchoOf(lines: readonly string[], at: number, text: string): boolean {
  const beginning = squeeze(text.split("\n")[0] ?? "").slice(0, ECHO_MAX);
  return beginning !== "" && squeeze(lines.slice(at, at + 3).join("")).includes(beginning);
}

/** The last line in which the echo of a text ends. */
function lastEcho(lines: readonly string[], text: string, from: number): number | undefined {
  const end = squeeze(text.trimEnd().split("\n").at(-1) ?? "").slice(-ECHO_MAX);
  if (end === "") return undefined;
  for (let i = lines.length - 1; i >= from; i--) if (squeeze(lines[i] as string).endsWith(end)) return i;
  return undefined;
}

const ECHO_MAX = 24;

function isOneLine(text: string): boolean {
  return text.trim() !== "" && !text.trimEnd().includes("\n") && text.length < 2000;
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, "");
}
