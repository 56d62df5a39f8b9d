import { quoteCommands, type TmuxCommand } from "./command-line.ts";

/**
 * Commands that tmux reads from its standard input: everybody may look at the arguments of processes, and a server keeps
 * those it was started with for as long as it lives. The first command that fails is the last that is carried out, and
 * nothing that others ask of tmux comes between them. Pure.
 * @returns the command that reads them, which starts no server, and what it is to read
 */
export function sourced(commands: TmuxCommand[]): { command: TmuxCommand; input: string } {
  return { command: ["source-file", "-"], input: `${quoteCommands(commands)}\n` };
}
