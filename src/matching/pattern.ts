import { RE2JS } from "re2js";
import { AppError, asError } from "../lib/errors.ts";

/** Finds the first match in a line: where it is, or undefined. */
export type Pattern = (line: string) => { start: number; text: string } | undefined;

/**
 * Compiles a regular expression in RE2 syntax (github.com/google/re2/wiki/Syntax), whose matching takes time linear in
 * the length of the line, whatever the pattern. Throws ERR_INVALID_PATTERN.
 */
export function compilePattern(source: string): Pattern {
  if (source === "") throw new AppError("ERR_INVALID_PATTERN", "The pattern is empty: it would match every line");
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(source);
  } catch (cause) {
    throw new AppError("ERR_INVALID_PATTERN", `The pattern ${source} is not valid: ${asError(cause).message}`, {
      hint: "Patterns are regular expressions in RE2 syntax; write \\( for a parenthesis that is meant as such.",
      cause,
    });
  }
  return (line) => {
    const matcher = regex.matcher(line);
    if (!matcher.find()) return undefined;
    return { start: matcher.start(), text: matcher.group() ?? "" };
  };
}
