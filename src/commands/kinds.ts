import { AppError } from "../lib/errors.ts";
import { isDigits, paneLabel, sessionName, whyNoKey } from "../lib/names.ts";
import { commandText } from "../lib/shell.ts";
import { parseSignal } from "../lib/signals.ts";

/**
 * What an argument can mean. `read` makes it of what was typed; `name` is the argument as usage shows it: `<lines>` or
 * `--timeout`. Throws ERR_INVALID_ARGUMENT.
 */
export const KINDS = {
  /** a whole number of 1 or more */
  count: readCount,
  /** a time above 0, in seconds */
  seconds,
  /** a command line for a shell, of one word or of several */
  command: (_: string, words: string | readonly string[]) => commandText(typeof words === "string" ? [words] : words),
  /** a text to type, of one word or of several */
  text: (_: string, words: string | readonly string[]) => (typeof words === "string" ? words : words.join(" ")),
  /** names of keys to press, for parseKeys() */
  keys: (_: string, words: readonly string[]) => words,
  /** a signal, by its name or number */
  signal: (_: string, text: string) => parseSignal(text),
  /** a remark, of one line */
  note,
  /** the pid of a process */
  pid,
  /** a key of metadata */
  key,
  /** the name of a session that is to be made */
  sessionName: (_: string, text: string) => sessionName(text),
  /** a label of a pane */
  label: (_: string, text: string) => paneLabel(text),
  /** the same, or "" for none */
  labelOrNone: (_: string, text: string) => (text === "" ? undefined : paneLabel(text)),
  /** columns and rows */
  size,
  /** variables of the environment, each NAME=VALUE */
  variables,
};

/** One of KINDS. */
export type Kind = keyof typeof KINDS;

/** What an argument of a kind means. */
export type Meaning<K extends Kind> = ReturnType<(typeof KINDS)[K]>;

/** So large a number has no purpose here. */
const COUNT_MAX = 999_999_999;

/** Reads a whole number of 1 or more from an argument. Throws ERR_INVALID_ARGUMENT for anything else. */
export function readCount(name: string, text: string): number {
  const isPlain = isDigits(text) && text[0] !== "0";
  if (isPlain && Number(text) <= COUNT_MAX) return Number(text);
  const why = isPlain ? `is more than ${COUNT_MAX}` : "is not a whole number of 1 or more";
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} is "${text}", which ${why}`);
}

/** Reads one of several words. Throws ERR_INVALID_ARGUMENT. */
export function choice<W extends string>(name: string, text: string, words: readonly W[]): W {
  if (words.includes(text as W)) return text as W;
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} is "${text}", which is none of: ${words.join(", ")}`);
}

const UNITS = [
  ["h", 3600],
  ["m", 60],
  ["s", 1],
  ["ms", 0.001],
] as const;
const SECONDS_MAX = 1e9;

/**
 * Reads a time above 0, in seconds: a number of them such as 30 or 0.5, or hours, minutes, seconds and milliseconds in
 * this order such as 30s, 5m, 1h30m or 500ms. Throws ERR_INVALID_ARGUMENT for anything else.
 */
export function seconds(name: string, text: string): number {
  const time = /^\d+(\.\d{1,3})?$/.test(text) ? Number(text) : withUnits(text);
  if (time !== undefined && time > 0 && time < SECONDS_MAX) return time;
  const why =
    time === undefined || text === ""
      ? "not a number of seconds or a time (30, 1.5, 30s, 5m, 1h30m)"
      : time > 0
        ? "longer than 1,000,000,000 seconds"
        : "no time at all: give one above 0";
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} is "${text}", which is ${why}`);
}

const NOTE_MAX = 200;

/** Returns a remark unchanged: 1 to 200 characters on one line. Throws ERR_INVALID_ARGUMENT for any other. */
export function note(name: string, text: string): string {
  if (text.length >= 1 && text.length <= NOTE_MAX && !/\p{Cc}/u.test(text)) return text;
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} is not 1 to ${NOTE_MAX} characters on one line`);
}

/** Reads a pid. Throws ERR_INVALID_ARGUMENT. */
export function pid(name: string, text: string): number {
  if (isDigits(text) && text.length <= 9) return Number(text);
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} is "${text}", which is no pid`);
}

/** Returns a key of metadata unchanged: any text of 1 to 200 characters. Throws ERR_INVALID_ARGUMENT for any other. */
export function key(name: string, text: string): string {
  const problem = whyNoKey(text);
  if (problem === undefined) return text;
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} ${problem}`);
}

const MAX_SIDE = 10_000; // tmux's own limit for -x and -y

/** Reads `200x50`. Throws ERR_INVALID_ARGUMENT. */
export function size(name: string, text: string): { width: number; height: number } {
  const [columns = "", rows = "", ...more] = text.split("x");
  const [width, height] = [isDigits(columns) ? Number(columns) : 0, isDigits(rows) ? Number(rows) : 0];
  const fits = width >= 2 && height >= 2 && width <= MAX_SIDE && height <= MAX_SIDE;
  if (fits && more.length === 0) return { width, height };
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} "${text}" is not a size`, {
    hint: `Give columns x rows, each from 2 to ${MAX_SIDE}: ${name} 200x50`,
  });
}

/** Checks that each text is NAME=VALUE. Throws ERR_INVALID_ARGUMENT. */
export function variables(name: string, pairs: readonly string[]): string[] {
  for (const pair of pairs) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*=/.test(pair)) {
      throw new AppError("ERR_INVALID_ARGUMENT", `${name} "${pair}" is not NAME=VALUE`);
    }
  }
  return [...pairs];
}

function withUnits(text: string): number | undefined {
  const found = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d{1,3})?)s)?(?:(\d+)ms)?$/.exec(text);
  if (!found) return undefined;
  return UNITS.reduce((sum, [, factor], i) => sum + Number(found[i + 1] ?? 0) * factor, 0);
}
