import type { Arg, Command, Family } from "../define.ts";
import { isRequired } from "../parse.ts";
import { COMMANDS, FAMILIES } from "../table.ts";

/** A command with all that is known of it. */
export interface Described {
  /** `bridge`, or undefined for a command of no family */
  family: Family | undefined;
  name: string;
  /** what follows the name: `<session> <pane> [--timeout S]` */
  usage: string;
  /** what it does, as a sentence begins */
  summary: string;
  command: Command;
}

/** Every command of the table, in its order. Loads them all. */
export async function describeCommands(): Promise<Described[]> {
  const found: Described[] = [];
  for (const family of [...(Object.keys(FAMILIES) as Family[]), undefined]) {
    for (const [name, { summary, load }] of Object.entries(family ? FAMILIES[family] : COMMANDS)) {
      const { default: command } = await load();
      found.push({ family, name, usage: usageOf(command.args), summary: capital(summary), command });
    }
  }
  return found;
}

/** A text with a capital at its beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The arguments of a command on one line: positional ones first, free text last, after the options. Pure. */
export function usageOf(args: Record<string, Arg>): string {
  const entries = Object.entries(args);
  const positionals = entries.filter(([, arg]) => arg.type === "positional" && !arg.isInternal);
  const last = positionals.at(-1);
  const options = entries
    .filter(([, arg]) => arg.type !== "positional" && !arg.isInternal)
    .map(([name, arg]) => optionUsage(name, arg));
  const isText = last?.[1].multiple === true && !last[1].raw;
  const words = positionals.map(([name, arg]) => {
    const word = isRequired(arg) ? `<${name}>` : `[${name}]`;
    return arg.isRest ? `${word}…` : word;
  });
  return (isText ? [...words.slice(0, -1), ...options, "--", words.at(-1)] : [...words, ...options]).join(" ");
}

/** What an argument is called in a list of them: `session`, `--timeout S`, `--follow`. Pure. */
export function argumentName(name: string, arg: Arg): string {
  if (arg.type === "positional") return name;
  const hint = "valueHint" in arg && typeof arg.valueHint === "string" ? arg.valueHint : name.toUpperCase();
  return arg.type === "boolean" ? `--${name}` : `--${name} ${hint}`;
}

/** `[--timeout S]`, `[--env K=V]…`. */
function optionUsage(name: string, arg: Arg): string {
  return `[${argumentName(name, arg)}]${arg.multiple ? "…" : ""}`;
}
