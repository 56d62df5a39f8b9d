import { AppError } from "./errors.ts";

// the first use of a regular expression costs half a millisecond, and nearly every command reads a name
/** What names may hold. */
export const NAME_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
const NAME_MAX = 50;
const RESERVED = ["daemon", "tmp", "root", "admin", "system"];
const LABEL_MAX = 100;

/** The last part of a path, as basename(1); node:path takes a millisecond to load. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Returns a valid name for a new session unchanged; throws ERR_INVALID_NAME for any other. */
export function sessionName(name: string): string {
  const problem =
    name === ""
      ? "is empty"
      : name.length > NAME_MAX
        ? `is ${name.length} characters long, at most ${NAME_MAX} are allowed`
        : !isPlainName(name)
          ? "holds characters other than ASCII letters, digits, _ and -"
          : RESERVED.includes(name)
            ? "is reserved, as it was in version 3.0"
            : undefined;
  if (problem === undefined) return name;
  throw new AppError("ERR_INVALID_NAME", `The session name ${JSON.stringify(name.slice(0, 80))} ${problem}`, {
    hint: `A name is 1 to ${NAME_MAX} ASCII letters, digits, _ or -, and none of ${RESERVED.join(", ")}.`,
  });
}

/** Whether a name is one or more ASCII letters, digits, _ and -. */
export function isPlainName(name: string): boolean {
  return name !== "" && isOf(name, NAME_LETTERS);
}

/**
 * Returns a valid pane label unchanged: any text of 1 to 100 characters without control characters that could not be
 * taken for a pane's index or %id. Throws ERR_INVALID_NAME for any other.
 */
export function paneLabel(label: string): string {
  const problem = whyNoLabel(label);
  if (problem === undefined) return label;
  throw new AppError("ERR_INVALID_NAME", `The label ${JSON.stringify(label.slice(0, 80))} ${problem}`, {
    hint: `A label is a text of 1 to ${LABEL_MAX} characters such as build or web-server.`,
  });
}

/** Why a text is no label of a pane, as a sentence goes on after "it" (`is empty`); undefined for one that is. Pure. */
export function whyNoLabel(label: string): string | undefined {
  if (label === "") return "is empty";
  if (label.length > LABEL_MAX) return `is ${label.length} characters long, at most ${LABEL_MAX} are allowed`;
  if (/[\x00-\x1f\x7f-\x9f\u241e\u241f]/.test(label)) return "holds control characters";
  return /^(%?\d+|\d+\.\d+)$/.test(label) ? "looks like a pane's index or id" : undefined;
}

const KEY_MAX = 200;

/** Why a text is no key of a pane's metadata, as above. Its value may be any text. Pure. */
export function whyNoKey(key: string): string | undefined {
  const isOne = key.length >= 1 && key.length <= KEY_MAX;
  return isOne ? undefined : `is ${key.length} characters long, 1 to ${KEY_MAX} are allowed`;
}

const DIGITS = "0123456789";

/** Whether a text is one or more decimal digits. */
export function isDigits(text: string): boolean {
  return text !== "" && isOf(text, DIGITS);
}

// By index: the iterator of a string is JavaScript of the engine's own, which is called for each letter, and sets off the JIT.
function isOf(text: string, letters: string): boolean {
  for (let i = 0; i < text.length; i++) if (!letters.includes(text[i] as string)) return false;
  return true;
}
