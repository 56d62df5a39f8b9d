import { TOOLS } from "./tools.ts";

/**
 * A text for people at a command line, such as an error's hint, with the names of tools in place of those of commands:
 * `use pane-run --marker` is `use run with marker`. Pure.
 */
export function inTools(text: string): string {
  return text.replace(COMMANDS, (_, command: string, option?: string) => {
    const tool = TOOL_OF.get(command) ?? command;
    return option === undefined ? tool : `${tool} with ${option}`;
  });
}

const TOOL_OF = new Map(
  Object.entries(TOOLS).flatMap(([name, { uses }]) => uses.map(({ command }) => [command, name] as const)),
);
const COMMANDS = new RegExp(
  `(?:claude-tmux )?(?:bridge )?\\b(${[...TOOL_OF.keys()].join("|")})\\b(?!-)(?: --([a-z-]+))?`,
  "g",
);
