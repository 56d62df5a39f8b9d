import { quotedWords } from "../lib/shell.ts";
import type { Table } from "./define.ts";
import type { GlobalOptions } from "./options.ts";

/**
 * A text of ours in which commands are suggested, as they work for whoever has named a server by -L or -S: with the same option.
 * Pure.
 */
export function forSameServer(
  text: string,
  { socketName, socketPath }: Pick<GlobalOptions, "socketName" | "socketPath">,
  { commands, families }: Table,
): string {
  if ((socketName === undefined && socketPath === undefined) || !text.includes("tmux ")) return text;
  const names = [...Object.keys(families), ...Object.keys(commands), ...Object.keys(families.bridge)];
  const suggested = new RegExp(
    `\\b(?:${PROGRAM} (?=(?:${names.join("|")})(?![\\w-]))|(?<!-)tmux (?=select-pane ))`,
    "g",
  );
  const option = quotedWords(socketName === undefined ? ["-S", socketPath ?? ""] : ["-L", socketName]);
  return text.replace(suggested, (program) => `${program}${option} `);
}

const PROGRAM = "claude-tmux";
