import type { Exit } from "../process/exits.ts";
import { type Death, exitCodeOf } from "../tmux/death.ts";

/** What is known of a pane whose program has ended, from whoever followed its output. */
export interface LastWords {
  /** its last command; "" when that is not known */
  command: string;
  /** the last lines that it showed */
  lines: string[];
  /** tells those who wait for the command that ended with the pane, if one did, of its exit code */
  finish(code: number): void;
}

/** How many of the last lines are told. */
const LINES = 5;

/** The data of a pane's end: what is not known is absent. Pure. */
export function endData(
  how: Death | Exit | undefined,
  words: Pick<LastWords, "command" | "lines"> | undefined,
): Record<string, unknown> {
  const { exitCode, signal } = { exitCode: undefined, signal: undefined, ...how };
  const { command = "", lines } = words ?? {};
  return {
    ...(exitCode !== undefined && { exit_code: exitCode }),
    ...(signal !== undefined && { signal }),
    ...(command !== "" && { last_command: command }),
    ...(lines && { last_lines: lastLines(lines) }),
  };
}

/** A shell's exit code for it. Pure. */
export function codeOf(how: Death | Exit | undefined): number | undefined {
  return how && exitCodeOf(how);
}

/** Without the blank ones at the end, and what tmux says itself of a dead pane. */
function lastLines(lines: readonly string[]): string[] {
  const said = lines.map((line) => line.trimEnd());
  while (said.length > 0 && /^(Pane is dead( \(.*\))?)?$/.test(said.at(-1) ?? "")) said.pop();
  return said.slice(-LINES);
}
