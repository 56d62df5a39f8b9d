import { type Box, PROGRAM } from "./box.ts";

/** Whether there is script(1), by which a program gets a terminal. */
export const hasTerminal = process.platform === "linux" && Bun.which("script") !== null;

/** What a terminal got from a program, and how that ended. */
export interface OnTerminal {
  /** what is left there in the end: lines that were erased are not, such as a sign of life */
  text: string;
  /** all that it got */
  raw: string;
  exitCode: number;
}

/** How a command is called at a terminal. */
export interface TerminalOptions {
  columns?: number;
  env?: Record<string, string>;
  /** a shell command line around it: "$@" stands for the command */
  line?: string;
  program?: readonly string[];
}

/** Starts a command of ours on a box with a terminal of its own, of 80 columns. */
export function startAtTerminal(box: Box, args: readonly string[], options: TerminalOptions = {}) {
  const { columns = 80, env = {}, line = '"$@"', program = PROGRAM } = options;
  // script(1) takes one command line
  const quoted = [...program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return Bun.spawn(["script", "-qec", `set -- ${quoted}; stty cols ${columns} rows 24; ${line}`, "/dev/null"], {
    env: { ...box.env, SHELL: "/bin/sh", TERM: "xterm", NO_COLOR: "", ...env },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
}

/** What a person sees of a command of ours, its colours included. */
export async function atTerminal(
  box: Box,
  args: readonly string[],
  options: TerminalOptions = {},
): Promise<OnTerminal> {
  const child = startAtTerminal(box, args, options);
  const raw = (await child.stdout.text()).replaceAll("\r\n", "\n");
  child.stdin.end();
  return { text: left(raw), raw, exitCode: await child.exited };
}

/** What is left of lines of which the beginning was erased. Pure. */
export function left(text: string): string {
  return text.replaceAll(/^[^\n]*\r\x1b\[2K/gm, "");
}
