import { AppError } from "../lib/errors.ts";
import { isDigits } from "../lib/names.ts";
import type { Arg } from "./define.ts";
import { nearest } from "./near.ts";

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
    if (used === 0) throw unknownOption(token, Object.keys(GLOBAL_FLAGS));
    i += used;
  }
  return tokens.slice(i);
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
  const short = shortOf(token);
  if (!short) return 0;
  const [value, used] = token.length > 2 ? [token.slice(2), 1] : [valueAfter(tokens, i), 2];
  short(options, value);
  return used;
}

/**
 * Reads the option of a command that a token is into `values`; returns how many tokens it takes. Throws
 * ERR_INVALID_ARGUMENT for an unknown option, and for a value that is missing or too much.
 */
export function readOption(
  tokens: readonly string[],
  i: number,
  args: Record<string, Arg>,
  values: Record<string, unknown>,
): number {
  const token = tokens[i] ?? "";
  const [name = "", inline] = splitOnce(token);
  const [key, arg] = findOption(name, args);
  if (key === undefined || arg === undefined) throw unknownOption(name, knownOptions(args));
  if (arg.type === "boolean") {
    if (inline !== undefined) throw invalid(`${name} takes no value`);
    values[key] = true;
    return 1;
  }
  const value = inline ?? valueAfter(tokens, i);
  values[key] = arg.multiple ? [...((values[key] as string[] | undefined) ?? []), value] : value;
  return inline === undefined ? 2 : 1;
}

/** Whether a token is an option of a command with these arguments, or a global one. */
export function isKnownOption(token: string, args: Record<string, Arg>): boolean {
  return GLOBAL_FLAGS[token] !== undefined || shortOf(token) !== undefined || optionNamed(token, args) !== undefined;
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

/** Whether a token looks like an option; `-5` is a number. */
export function isOption(token: string): boolean {
  return token.length > 1 && token.startsWith("-") && token !== "--" && !isDigits(token[1] as string);
}

/** The error for an option that is none of those known, with the one that may be meant, else with a hint. */
export function unknownOption(name: string, known: readonly string[], hint?: string): AppError {
  const near = nearest(name, known);
  return invalid(`unknown option ${name}`, near === undefined ? hint : `Did you mean: ${near}`);
}

/** Every option of a command with these arguments, and the global ones. */
export function knownOptions(args: Record<string, Arg>): string[] {
  const own = Object.entries(args).flatMap(([key, arg]) => (arg.type === "positional" ? [] : spellings(key, arg)));
  return [...own, ...Object.keys(GLOBAL_FLAGS)];
}

/** The error for a command line that can't be understood. */
export function invalid(message: string, hint?: string): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", message, { hint });
}

function shortOf(token: string): Setter | undefined {
  return token.startsWith("--") ? undefined : GLOBAL_VALUES[token.slice(0, 2)];
}

function findOption(name: string, args: Record<string, Arg>): [string, Arg] | [undefined, undefined] {
  // loops: find and its like have to be compiled at their first use
  for (const key in args) {
    const arg = args[key] as Arg;
    if (arg.type !== "positional" && spellings(key, arg).includes(name)) return [key, arg];
  }
  return [undefined, undefined];
}

function valueAfter(tokens: readonly string[], i: number): string {
  const value = tokens[i + 1];
  if (value === undefined || value === "--") throw invalid(`${tokens[i]} needs a value`);
  return value;
}

function splitOnce(token: string): [string, string | undefined] {
  const at = token.startsWith("--") ? token.indexOf("=") : -1;
  return at === -1 ? [token, undefined] : [token.slice(0, at), token.slice(at + 1)];
}
