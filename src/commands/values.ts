import { AppError } from "../lib/errors.ts";

/** Reads a whole number of 1 or more from an argument. Throws ERR_INVALID_ARGUMENT for anything else. */
export function positiveInteger(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AppError("ERR_INVALID_ARGUMENT", `<${name}> is "${text}", which is not a whole number of 1 or more`);
}

/** Reads a number of seconds above 0, such as 30 or 0.5. Throws ERR_INVALID_ARGUMENT for anything else. */
export function seconds(name: string, text: string): number {
  if (/^\d{1,9}(\.\d{1,3})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new AppError("ERR_INVALID_ARGUMENT", `<${name}> is "${text}", which is not a number of seconds above 0`);
}
