import { TOOLS } from "./tools.ts";

/**
 * A text for people at a command line, such as an error's hint, with the names of tools in place of those of commands:
 * `use pane-run --marker` is `use run with marker`. Options that the tool does not take are left out, and so is
 * `or give --queue`, which no tool takes, and what is only said of such an option. Pure.
 * @returns undefined where nothing is left of it
 */
export function inTools(text: string): string | undefined {
  const named = text
    .replace(ALTERNATIVE, (words, option: string) => (INPUTS.has(option) ? words : ""))
    .replace(COMMANDS, (_, command: string, option?: string) => {
      const tool = TOOL_OF.get(command) ?? command;
      return option !== undefined && takes(tool, option) ? `${tool} with ${option}` : tool;
    })
    .replace(OPTION, (words, option: string) => (INPUTS.has(option) ? option : words));
  const left = named.split(/(?<=[.;])\s+/).filter((clause) => !FOREIGN.test(` ${clause}`));
  return left.length === 0 ? undefined : left.join(" ").replace(/;$/, ".");
}

/** Whether a tool has such an input, and tells of it. */
function takes(tool: string, input: string): boolean {
  return TOOLS[tool]?.uses.some((use) => typeof use.takes[input] === "string") ?? false;
}

const INPUTS = new Set(Object.values(TOOLS).flatMap(({ uses }) => uses.flatMap((use) => Object.keys(use.takes))));
/** Another way, by an option of the command that was called. */
const ALTERNATIVE = /,? or (?:give |wait with |give another name with )?--([a-z-]+)/g;

const OPTION = /(?<= |^)--([a-z-]+)/g;
/** What is said of an option that is none of the server's own. */
const FOREIGN = / --(?!allow-answers\b|read-only\b)[a-z]/;

const TOOL_OF = new Map(
  Object.entries(TOOLS).flatMap(([name, { uses }]) => uses.map(({ command }) => [command, name] as const)),
);
const COMMANDS = new RegExp(
  `(?:claude-tmux )?(?:bridge )?\\b(${[...TOOL_OF.keys()].join("|")})\\b(?!-)(?: --([a-z-]+))?`,
  "g",
);
