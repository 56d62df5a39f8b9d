import { AppError } from "../lib/errors.ts";
import { baseName } from "../lib/names.ts";
import type { Pane } from "../tmux/panes.ts";
import { newShellKey } from "../tmux/shell-state.ts";
import { newBuffer } from "./holders.ts";

/** A command wrapped in what tells of its start and its end, for a POSIX shell that has no shell integration. */
export interface Marked {
  /** the key in the marks (see shell-state.ts), with 0 for a pid */
  key: string;
  /** what is typed */
  text: string;
  /** a tmux paste buffer that must hold `input`, when that can't be typed */
  buffer: string | undefined;
  /** what is fetched from the buffer: the mark of the start is in it, so that none comes when it could not be fetched */
  input: string;
}

// a terminal in canonical mode cuts a line at 4,096 bytes (termios(3))
const TYPED_MAX_BYTES = 2000;
// a plain eval of a syntax error ends the whole line in shells to which eval is a special builtin (POSIX, XCU 2.8.1);
// "command" takes that from it, but in zsh runs external programs only, and nothing where somebody has a function of that name
const EVAL = '$([ "${ZSH_VERSION-}" ] && builtin echo builtin || command eval "echo command") eval';

/**
 * Wraps a command for a POSIX shell, or for fish. It is passed to eval in single quotes, so that it may be anything:
 * several lines, a comment at the end, a here-document. One that is too long, or holds what a terminal would act on, is
 * fetched from a paste buffer of the tmux server that `flags` name. Pure, but for the random key, and the name of the buffer.
 */
export function markCommand(
  command: string,
  options: { flags: readonly string[]; isFish: boolean; key?: string },
): Marked {
  const { flags, isFish, key = newShellKey() } = options;
  const quote = isFish ? quoteFish : quoteShell;
  const isPlain = !/[\x00-\x09\x0b-\x1f\x7f]/.test(command) && Buffer.byteLength(command) <= TYPED_MAX_BYTES;
  const buffer = isPlain ? undefined : newBuffer();
  const show = `tmux ${flags.map(quote).join(" ")} show-buffer -b ${buffer}`;
  const [evaluate, code] = isFish ? ["eval", "$status"] : [EVAL, '"$?"'];
  // without the backslash, an alias would do
  const print = isFish ? "printf" : "\\printf";
  const mark = (word: "run" | "end", status: string) => `${print} ${markOf(key, word)} ${status}`.trimEnd();
  const input = `${mark("run", "")}; ${evaluate} ${quote(command)}`;
  const fetch = `${evaluate} ${isFish ? `(${show} | string collect)` : `"$(${show})"`}`;
  // the space in front keeps it out of the history of shells that are set to leave such lines out
  return { key, buffer, input, text: ` ${isPlain ? input : fetch}; ${mark("end", code)}` };
}

// those of the shells that isInteractiveShell() knows which read another language than POSIX and fish do
const OTHERS = "tcsh csh nu elvish xonsh pwsh".split(" ");

/** Whether a shell, by the words it was started with, can run a marked command. Pure. */
export function canBeMarked([program = ""]: readonly string[]): boolean {
  return !OTHERS.includes(baseName(program).replace(/^-/, ""));
}

/** The error for a marked command whose end was told, but not its start. */
export function notSeen(pane: Pane, { buffer }: Marked, said: string): AppError {
  const where = `pane ${pane.paneId} of "${pane.session}"`;
  const details = said.trim() === "" ? {} : { partial_output: said };
  // the start of one that is fetched is told by what is fetched
  if (buffer !== undefined) {
    return new AppError("ERR_COMMAND_FAILED", `The command did not get into the shell of ${where}: it was not run`, {
      hint: "It is too long to be typed, or holds control characters, so that shell must fetch it by tmux, which it can't find or which can't reach the server (ssh, docker, su). Put it in a script there.",
      details,
    });
  }
  return new AppError("ERR_COMMAND_FAILED", `How much of the command was run in ${where} is not known`, {
    hint: "It was not seen to start: that shell may have waited for the rest of a command, as after an open quote, and run that with it. Look with pane-capture before it is run again.",
    details,
  });
}

function quoteFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** A text as one word for a POSIX shell. */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function markOf(key: string, word: "run" | "end"): string {
  // a shell that was still starting has shown its prompt after the terminal's own echo of this line: output is not to
  // stand behind it
  const erase = word === "run" ? "\\r\\033[K" : "";
  return `'${erase}\\033]7;claude-tmux:${key};0;${word};0;%s;\\007'`;
}
