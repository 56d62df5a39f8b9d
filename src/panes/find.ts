import { dropEchoes } from "../matching/echo.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { captureLines } from "./capture.ts";
import { compileSimple, type Matcher } from "./simple-pattern.ts";

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

/**
 * Compiles a pattern (see compilePattern). A simple one, as most are, is matched by JavaScript's own means: the regular
 * expressions of RE2 take 6 ms to load. Throws ERR_INVALID_PATTERN.
 */
export async function compileMatcher(pattern: string): Promise<Matcher> {
  const simple = compileSimple(pattern);
  if (simple) return simple;
  const { compilePattern } = await import("../matching/pattern.ts");
  const find = compilePattern(pattern);
  return (line) => find(line) !== undefined;
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
