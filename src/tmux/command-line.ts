/** One tmux command with its arguments, as data: nothing in it is parsed as tmux syntax. */
export type TmuxCommand = string[];

/** Stands between what several commands print in one call; a pane may show it, so only the last ones count. */
export const MARK = "\u241e\u241f\u241e\u241f";

/** A MARK that no pane can know. */
export function secretMark(): string {
  return `${MARK}${crypto.randomUUID()}`;
}

/** Several commands as the arguments of one tmux call. A last ";" of an argument would end its command: `\;`. */
export function joinCommands(commands: TmuxCommand[]): string[] {
  // loops, here and in what else every command runs once: flatMap and its like must be compiled at their first use
  const args: string[] = [];
  for (const command of commands) {
    if (args.length > 0) args.push(";");
    for (const word of command) args.push(word.endsWith(";") ? `${word.slice(0, -1)}\\;` : word);
  }
  return args;
}

/**
 * A command in tmux's own syntax, from which its parser makes the very same words. A newline gets a way of its own: after
 * one, also between quotes, that parser drops blanks, and a line that begins with "#".
 */
export function quoteCommand(words: TmuxCommand): string {
  let text = "";
  for (const word of words) {
    const quoted = word.replaceAll("'", `'\\''`);
    text += `${text === "" ? "" : " "}'${word.includes("\n") ? quoted.replaceAll("\n", `'"\\n"'`) : quoted}'`;
  }
  return text;
}

/** Several of them, as one argument of a command that carries out others, or as one line. */
export function quoteCommands(commands: readonly TmuxCommand[]): string {
  let text = "";
  for (const command of commands) text += `${text === "" ? "" : " ; "}${quoteCommand(command)}`;
  return text;
}
