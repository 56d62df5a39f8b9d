import { AppError } from "../lib/errors.ts";
import type { Arg } from "./define.ts";

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  socketName?: string;
  socketPath?: string;
  json: boolean;
  quiet: boolean;
  color: boolean;
  help: boolean;
  version: boolean;
}

type Setter = (options: GlobalOptions, value: string) => void;

const GLOBAL_FLAGS: Record<string, Setter> = {
  "--json": (o) => (o.json = true),
  "--quiet": (o) => (o.quiet = true),
  "--no-color": (o) => (o.color = false),
  "-h": (o) => (o.help = true),
  "--help": (o) => (o.help = true),
  "-V": (o) => (o.version = true),
  "--version": (o) => (o.version = true),
};
const GLOBAL_VALUES: Record<string, Setter> = {
  "-L": (o, value) => (o.socketName = value),
  "-S": (o, value) => (o.socketPath = value),
};

/** No global option given. */
export function defaultOptions(): GlobalOptions {
  return { json: false, quiet: false, color: true, help: false, version: false };
}

/**
 * Takes the global options off the front of a command line, up to the first word that is none: the name of a family or
 * a command. Pure. Throws ERR_INVALID_ARGUMENT for an option that is unknown here.
 */
export function takeGlobals(tokens: readonly string[], options: GlobalOptions): string[] {
  let i = 0;
  while (i < tokens.length) {
    const token = tokens[i] ?? "";
    if (!isOption(token)) break;
    const used = readGlobal(tokens, i, options);
    if (used === 0) throw unknownOption(token);
    i += used;
  }
  return tokens.slice(i);
}

/**
 * Reads a command's arguments, declared as citty declares them, strictly: citty's own parser ignores what it does not
 * know, takes free text for options, and costs 3 ms at every start. Global options among them go into `options`. Pure.
 * @throws AppError ERR_INVALID_ARGUMENT for anything unknown, missing or left over
 */
export function parseCommand(
  tokens: readonly string[],
  args: Record<string, Arg>,
  options: GlobalOptions,
): Record<string, unknown> {
  // loops, here and below: filter, find and their like have to be compiled at their first use
  const slots: [string, Arg][] = [];
  const values: Record<string, unknown> = {};
  for (const name in args) {
    const arg = args[name] as Arg;
    if (arg.type === "positional") slots.push([name, arg]);
  }
  const positionals: string[] = [];
  let literal = false;
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] ?? "";
    const slot = slots[positionals.length]?.[1];
    const isText = slot !== undefined && isFreeText(slot, positionals);
    // a last "--" where free text is due is that text
    if (!literal && token === "--" && !(isText && i === tokens.length - 1)) {
      literal = true;
      i += 1;
    } else if (literal || !isOption(token) || (isText && !isHelpAlone(token, tokens))) {
      positionals.push(token);
      i += 1;
    } else {
      const used = readGlobal(tokens, i, options);
      i += used || readOption(tokens, i, args, values);
    }
  }
  if (options.help || options.version) return {};
  if (positionals.length > slots.length) throw leftOver(positionals, slots);
  for (let i = 0; i < slots.length; i++) {
    const [name, arg] = slots[i] as [string, Arg];
    if (i >= positionals.length && isRequired(arg)) throw invalid(`<${name}> is missing`);
    values[name] = positionals[i];
  }
  for (const name in args) values[name] ??= args[name]?.default;
  return values;
}

/**
 * Reads the global option that a token is into `options`; returns how many tokens it takes, 0 if it is none. Throws
 * ERR_INVALID_ARGUMENT when its value is missing.
 */
export function readGlobal(tokens: readonly string[], i: number, options: GlobalOptions): number {
  const token = tokens[i] ?? "";
  const flag = GLOBAL_FLAGS[token];
  if (flag) {
    flag(options, "");
    return 1;
  }
  const short = GLOBAL_VALUES[token.slice(0, 2)];
  if (!short || token.startsWith("--")) return 0;
  const [value, used] = token.length > 2 ? [token.slice(2), 1] : [valueAfter(tokens, i), 2];
  short(options, value);
  return used;
}

function readOption(
  tokens: readonly string[],
  i: number,
  args: Record<string, Arg>,
  values: Record<string, unknown>,
): number {
  const token = tokens[i] ?? "";
  const [name = "", inline] = splitOnce(token);
  const [key, arg] = findOption(name, args);
  if (key === undefined || arg === undefined) throw unknownOption(name);
  if (arg.type === "boolean") {
    if (inline !== undefined) throw invalid(`${name} takes no value`);
    values[key] = true;
    return 1;
  }
  const value = inline ?? valueAfter(tokens, i);
  values[key] = arg.multiple ? [...((values[key] as string[] | undefined) ?? []), value] : value;
  return inline === undefined ? 2 : 1;
}

function findOption(name: string, args: Record<string, Arg>): [string, Arg] | [undefined, undefined] {
  const found = Object.entries(args).find(
    ([key, arg]) => arg.type !== "positional" && spellings(key, arg).includes(name),
  );
  return found ?? [undefined, undefined];
}

/** The option that a token such as `--timeout` or `--timeout=5` is. */
export function optionNamed(token: string, args: Record<string, Arg>): Arg | undefined {
  return findOption(splitOnce(token)[0], args)[1];
}

/** How an option may be written: `--follow`, `-f`. */
export function spellings(key: string, arg: Arg): string[] {
  const alias = "alias" in arg ? [arg.alias ?? []].flat() : [];
  return [`--${key}`, ...alias.map((name) => (name.length === 1 ? `-${name}` : `--${name}`))];
}

function valueAfter(tokens: readonly string[], i: number): string {
  const value = tokens[i + 1];
  if (value === undefined) throw invalid(`${tokens[i]} needs a value`);
  return value;
}

function splitOnce(token: string): [string, string | undefined] {
  const at = token.startsWith("--") ? token.indexOf("=") : -1;
  return at === -1 ? [token, undefined] : [token.slice(0, at), token.slice(at + 1)];
}

/** Whether a positional argument must be given. */
export function isRequired(slot: Arg): boolean {
  return slot.required !== false && slot.default === undefined;
}

/** Whether an argument is free text, which is taken as it stands even if it looks like an option. */
export function isFreeText(slot: Arg, before: readonly string[]): boolean {
  return slot.rawAfter?.(before) ?? (slot.raw === true && isRequired(slot));
}

/** Whether a token looks like an option. */
export function isOption(token: string): boolean {
  return token.length > 1 && token.startsWith("-") && token !== "--";
}

/** `pane-exec --help` asks for help; `pane-exec dev 0 --help` types it. */
function isHelpAlone(token: string, tokens: readonly string[]): boolean {
  return tokens.length === 1 && (token === "--help" || token === "-h");
}

function leftOver(positionals: string[], slots: [string, Arg][]): AppError {
  const extra = positionals[slots.length] ?? "";
  const last = slots.at(-1);
  const hint = last?.[1].raw
    ? `Put <${last[0]}> in quotes, so that it is one argument, and options before it.`
    : undefined;
  return new AppError("ERR_INVALID_ARGUMENT", `"${extra}" is one argument too many`, { hint });
}

function unknownOption(name: string): AppError {
  return invalid(`unknown option ${name}`);
}

function invalid(message: string): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", message);
}
