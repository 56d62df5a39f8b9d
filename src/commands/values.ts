import { AppError } from "../lib/errors.ts";
import { isDigits } from "../lib/names.ts";

/** Reads a whole number of 1 or more from an argument. Throws ERR_INVALID_ARGUMENT for anything else. */
export function positiveInteger(name: string, text: string): number {
  if (isDigits(text) && text.length <= 9 && text[0] !== "0") return Number(text);
  throw new AppError("ERR_INVALID_ARGUMENT", `${shown(name)} is "${text}", which is not a whole number of 1 or more`);
}

/** As positiveInteger(), for an argument that may be left out. */
export function optionalInteger(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : positiveInteger(name, text);
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
  const time = /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : withUnits(text);
  if (time !== undefined && time > 0 && time < SECONDS_MAX) return time;
  throw new AppError(
    "ERR_INVALID_ARGUMENT",
    `${shown(name)} is "${text}", which is not a number of seconds or a time above 0 (30, 1.5, 30s, 5m, 1h30m)`,
  );
}

/** As seconds(), for an argument that may be left out. */
export function optionalSeconds(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : seconds(name, text);
}

/** A time that is given as <seconds>, or as --timeout in its place, in seconds. Throws ERR_INVALID_ARGUMENT. */
export function timeLimit(given: { seconds: string; timeout: string | undefined }): number {
  return given.timeout === undefined ? seconds("seconds", given.seconds) : seconds("timeout", given.timeout);
}

const KEY_MAX = 200;

/** Returns a key of metadata unchanged: any text of 1 to 200 characters. Throws ERR_INVALID_ARGUMENT for any other. */
export function metadataKey(key: string): string {
  if (key.length >= 1 && key.length <= KEY_MAX) return key;
  throw new AppError("ERR_INVALID_ARGUMENT", `<key> is ${key.length} characters long, 1 to ${KEY_MAX} are allowed`);
}

/**
 * The command line that words make for a shell: one word is a command line already, several are quoted, so that they
 * reach the program as they are. Pure.
 */
export function commandText(words: readonly string[]): string {
  const [first = ""] = words;
  return words.length <= 1 ? first : words.map(portableWord).join(" ");
}

/** A word as POSIX shells, zsh and fish all read it: in fish, a backslash between quotes means something. */
function portableWord(word: string): string {
  if (/^[A-Za-z0-9_+:,./@-]+$/.test(word)) return word;
  const parts = word.match(/['\\]|[^'\\]+/g) ?? [""];
  return parts.map((part) => (part === "'" || part === "\\" ? `\\${part}` : `'${part}'`)).join("");
}

function withUnits(text: string): number | undefined {
  const found = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d{1,3})?)s)?(?:(\d+)ms)?$/.exec(text);
  if (!found) return undefined;
  return UNITS.reduce((sum, [, factor], i) => sum + Number(found[i + 1] ?? 0) * factor, 0);
}

/** An argument as the usage shows it: `<lines>`, `--timeout`. */
function shown(name: string): string {
  return POSITIONAL.includes(name) ? `<${name}>` : `--${name}`;
}

const POSITIONAL = ["seconds", "lines", "id"];
