import type { RE2JS } from "re2js";
import { AppError, asError } from "../lib/errors.ts";
import { compileQuick, type Pattern } from "./quick-pattern.ts";

export type { Pattern };

/** Steps that a match may take, some 0.15 s. A long line is looked at as far as that goes, from its beginning and its end. */
const STEPS_MAX = 5e6;
const LENGTH_MIN = 2048;
/** The same of JavaScript's engine, some 0.1 ms: no more than RE2 takes for such a line. */
export const QUICK_STEPS_MAX = 20_000;

/**
 * Compiles a regular expression in RE2 syntax (github.com/google/re2/wiki/Syntax), whose matching takes time linear in
 * the length of the line, whatever the pattern. Throws ERR_INVALID_PATTERN.
 */
export function compilePattern(source: string): Pattern {
  if (source === "") throw new AppError("ERR_INVALID_PATTERN", "The pattern is empty: it would match every line");
  // one of the usual ones is left to JavaScript's engine, in a flood before RE2's code has run often ten times as quick
  const quick = compileQuick(source, QUICK_STEPS_MAX);
  if (!quick) return compileThorough(source);
  let thorough: Pattern | undefined;
  return (line) => {
    if (line.length <= quick.lengthMax) return quick.find(line);
    thorough ??= compileThorough(source);
    return thorough(line);
  };
}

function compileThorough(source: string): Pattern {
  let regex: RE2JS;
  try {
    regex = re2().compile(source);
  } catch (cause) {
    throw new AppError("ERR_INVALID_PATTERN", `The pattern ${source} is not valid: ${asError(cause).message}`, {
      hint: hintOn(source),
      cause,
    });
  }
  const lengthMax = Math.max(LENGTH_MIN, Math.floor(STEPS_MAX / Math.max(1, regex.programSize())));
  const find = (text: string, from: number) => {
    const matcher = regex.matcher(text);
    return matcher.find() ? { start: from + matcher.start(), text: matcher.group() ?? "" } : undefined;
  };
  let lastHead: string | undefined;
  return (line) => {
    if (line.length <= lengthMax) return find(line, 0);
    const half = Math.floor(lengthMax / 2);
    const head = line.slice(0, half);
    // a line that grows is looked at again and again, and its beginning is the same
    const found = head === lastHead ? undefined : find(head, 0);
    lastHead = found ? undefined : head;
    return found ?? find(line.slice(-half), line.length - half);
  };
}

/** RE2, loaded at its first use: it takes 6 ms and 5 MB, and most daemons never have to. */
function re2(): typeof RE2JS {
  return (require("re2js") as typeof import("re2js")).RE2JS;
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /\(\?<?[=!]/,
    "that has no lookahead and no lookbehind. Match the whole line, and leave the rest to who is told of it.",
  ],
  [/\\[1-9]|\\k</, "that has no back-references."],
  [/\{\d{4,}|\{\d*,\d{4,}/, "a part can be repeated 1,000 times at most."],
  [/[*+?}]\+/, "that has no possessive repetition: a+ matches as much."],
];
const SYNTAX = "write \\ before a character that stands for itself, as in \\( or \\[.";

/** What may be wrong about a pattern that is not valid. */
function hintOn(source: string): string {
  const [, why = SYNTAX] = HINTS.find(([known]) => known.test(source)) ?? [];
  return `Patterns are regular expressions in RE2 syntax (github.com/google/re2/wiki/Syntax): ${why}`;
}
