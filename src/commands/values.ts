import { AppError } from "../lib/errors.ts";
import { isDigits } from "../lib/names.ts";

/** Reads a whole number of 1 or more from an argument. Throws ERR_INVALID_ARGUMENT for anything else. */
export function positiveInteger(name: string, text: string): number {
  if (isDigits(text) && text.length <= 9 && text[0] !== "0") return Number(text);
  throw new AppError("ERR_INVALID_ARGUMENT", `<${name}> is "${text}", which is not a whole number of 1 or more`);
}

/** Reads a number of seconds above 0, such as 30 or 0.5. Throws ERR_INVALID_ARGUMENT for anything else. */
export function seconds(name: string, text: string): number {
  if (/^\d{1,9}(\.\d{1,3})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new AppError(
    "ERR_INVALID_ARGUMENT",
    `<${name}> is "${text}", which is not a number of seconds above 0 and below 1e9`,
  );
}

const KEY_MAX = 200;

/** Returns a key of metadata unchanged: any text of 1 to 200 characters. Throws ERR_INVALID_ARGUMENT for any other. */
export function metadataKey(key: string): string {
  if (key.length >= 1 && key.length <= KEY_MAX) return key;
  throw new AppError("ERR_INVALID_ARGUMENT", `<key> is ${key.length} characters long, 1 to ${KEY_MAX} are allowed`);
}

/** As seconds(), for an argument that may be left out. */
export function optionalSeconds(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : seconds(name, text);
}
