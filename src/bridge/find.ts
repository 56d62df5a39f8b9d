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
// letters, dots and classes, of which one at most is repeated: means the same to JavaScript, and takes no exponential time
const ATOM = String.raw`(?:[\w \-:,/@#%&=!~"'<>;.]|\[\^?[\w \-]+\])`;
const SIMPLE = `^\\^?${ATOM}*(?:${ATOM}[+*])?${ATOM}*\\$?$`;

/**
 * Compiles a pattern (see compilePattern). One that is plain text is looked for as such: the regular expressions of
 * RE2 take 6 ms to load; so is a simple one by JavaScript's own. Throws ERR_INVALID_PATTERN.
 */
export async function compileMatcher(pattern: string): Promise<Matcher> {
  const isPlain = pattern !== "" && ![...METACHARACTERS].some((letter) => pattern.includes(letter));
  if (isPlain) return (line) => line.includes(pattern);
  const simple = pattern !== "" && new RegExp(SIMPLE).test(pattern) ? compileSimple(pattern) : undefined;
  if (simple) return (line) => simple.test(line);
  const { compilePattern } = await import("../matching/pattern.ts");
  const find = compilePattern(pattern);
  return (line) => find(line) !== undefined;
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
  return { pane, lines: dropEchoes(lines, typings).filter(matches) };
}
