import { dropEchoes } from "../matching/echo.ts";
import { compileQuick, type Matcher } from "../matching/quick-pattern.ts";
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

/** What tells whether any of these lines matches, or, without them, any line at all. */
export type MatcherFor = (lines?: readonly string[]) => Promise<Matcher>;

/**
 * Compiles a pattern (see compilePattern). One of the usual ones is matched by JavaScript's own means, in lines that are
 * not too long for that: the regular expressions of RE2 take 6 ms to load. Throws ERR_INVALID_PATTERN.
 */
export async function compileMatcher(pattern: string): Promise<MatcherFor> {
  const quick = compileQuick(pattern);
  let thorough = quick ? undefined : await compileThorough(pattern);
  return async (lines) => {
    if (quick && isShort(lines, quick.lengthMax)) return quick.matches;
    thorough ??= await compileThorough(pattern);
    return thorough;
  };
}

/**
 * Compiles a pattern while `look` waits for tmux, to which it passes the first argument on (see tmux()). Throws
 * ERR_INVALID_PATTERN, before anything that `look` throws.
 */
export async function compiledMeanwhile<T>(
  pattern: string,
  look: (meanwhile: () => void) => T | Promise<T>,
): Promise<{ matcherFor: MatcherFor; found: T }> {
  let compiling: Promise<MatcherFor> | undefined;
  const compile = () => {
    compiling ??= compileMatcher(pattern);
    return compiling;
  };
  try {
    const found = await look(() => void compile().catch(() => {})); // told below
    return { matcherFor: await compile(), found };
  } catch (thrown) {
    await compile();
    throw thrown;
  }
}

async function compileThorough(pattern: string): Promise<Matcher> {
  const { compilePattern } = await import("../matching/pattern.ts");
  const find = compilePattern(pattern);
  return (line) => find(line) !== undefined;
}

function isShort(lines: readonly string[] | undefined, lengthMax: number): boolean {
  if (lengthMax === Number.POSITIVE_INFINITY) return true;
  if (lines === undefined) return false;
  for (const line of lines) if (line.length > lengthMax) return false;
  return true;
}

/**
 * The lines that match among the last of a pane. The echo of what pane-exec typed does not count.
 * @throws AppError ERR_INVALID_PATTERN, ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL
 */
export async function findInPane(server: TmuxServer, options: WatchOptions): Promise<Found> {
  const { matcherFor, found: captured } = await compiledMeanwhile(options.pattern, (meanwhile) =>
    captureLines(server, { ...options, all: false, ansi: false, meanwhile }),
  );
  const { pane, lines, typings } = captured;
  const matches = await matcherFor(lines);
  // where nothing matches, as with most looks, nobody has to know what is an echo
  const found = lines.some(matches) ? dropEchoes(lines, typings).filter(matches) : [];
  return { pane, lines: found };
}
