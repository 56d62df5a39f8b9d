import { dropEchoes } from "../matching/echo.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { captureLines } from "./capture.ts";

/** What is looked for, and in how many of the pane's last lines. */
export interface WatchOptions {
  session: string;
  pane: string;
  pattern: string;
  lines: number;
}

/** The lines that were found, and the pane. */
export interface Found {
  pane: Pane;
  lines: string[];
}

/** Whether a line matches. */
export type Matcher = (line: string) => boolean;

const METACHARACTERS = "\\^$.|?*+()[]{}";
const WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ -";
const ATOMS = `${WORD}:,/@#%&=!~"'<>;.`;

/**
 * Compiles a pattern (see compilePattern). One that is plain text is looked for as such: the regular expressions of
 * RE2 take 6 ms to load; so is a simple one by JavaScript's own. Throws ERR_INVALID_PATTERN.
 */
export async function compileMatcher(pattern: string): Promise<Matcher> {
  if (isPlain(pattern)) return (line) => line.includes(pattern);
  const simple = isSimple(pattern) ? compileSimple(pattern) : undefined;
  if (simple) return (line) => simple.test(line);
  const { compilePattern } = await import("../matching/pattern.ts");
  const find = compilePattern(pattern);
  return (line) => find(line) !== undefined;
}

function isPlain(pattern: string): boolean {
  for (const letter of pattern) if (METACHARACTERS.includes(letter)) return false;
  return pattern !== "";
}

/**
 * Whether a pattern is letters, dots and classes, of which one at most is repeated: it means the same to JavaScript, and
 * takes no exponential time. Without a regular expression, which would take longer than all the rest. Pure.
 */
export function isSimple(pattern: string): boolean {
  const end = pattern.endsWith("$") ? pattern.length - 1 : pattern.length;
  let repeats = 0;
  let isAtom = false;
  for (let i = pattern.startsWith("^") ? 1 : 0; i < end; i++) {
    const letter = pattern[i] as string;
    if (letter === "+" || letter === "*") {
      if (!isAtom || repeats > 0) return false;
      repeats++;
      isAtom = false;
    } else if (letter === "[") {
      const first = pattern[i + 1] === "^" ? i + 2 : i + 1;
      const close = pattern.indexOf("]", first);
      if (close <= first || close >= end) return false;
      for (let at = first; at < close; at++) if (!WORD.includes(pattern[at] as string)) return false;
      i = close;
      isAtom = true;
    } else if (ATOMS.includes(letter)) {
      isAtom = true;
    } else {
      return false;
    }
  }
  return pattern !== "";
}

function compileSimple(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "su");
  } catch {
    return undefined; // RE2 will say what is wrong with it
  }
}

/**
 * The lines that match among the last of a pane. The echo of what pane-exec typed does not count.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL
 */
export function findInPane(server: TmuxServer, matches: Matcher, options: WatchOptions): Found {
  const { pane, lines, typings } = captureLines(server, { ...options, all: false, ansi: false });
  const found: string[] = [];
  for (const line of dropEchoes(lines, typings)) if (matches(line)) found.push(line);
  return { pane, lines: found };
}
