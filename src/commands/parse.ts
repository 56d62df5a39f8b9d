import { AppError } from "../lib/errors.ts";
import { isPlace } from "../tmux/place-words.ts";
import type { Arg } from "./define.ts";
import { KINDS } from "./kinds.ts";
import {
  type GlobalOptions,
  invalid,
  isKnownOption,
  isOption,
  knownOptions,
  optionNamed,
  readGlobal,
  readOption,
  unknownOption,
} from "./options.ts";

/** How a command line is read, and what has been read of it so far, also when the rest can't be. */
export interface CommandLine {
  values: Record<string, unknown>;
  /** free text is what stands in its place, even an option: as under the names of the old scripts */
  isByPlace: boolean;
}

type Slot = [name: string, arg: Arg];

/**
 * Reads a command's arguments, declared as citty declares them, strictly: citty's own parser ignores what it does not
 * know, takes free text for options, and costs 3 ms at every start. Before `--` a word that is an option of the command
 * is one, wherever it stands, and so is a global one, which goes into `options`; after it everything is text. Pure, but
 * for what it fills in.
 * @throws AppError ERR_INVALID_ARGUMENT for anything unknown, missing or left over
 */
export function parseCommand(
  tokens: readonly string[],
  args: Record<string, Arg>,
  options: GlobalOptions,
  reading: CommandLine = { values: {}, isByPlace: false },
): Record<string, unknown> {
  try {
    return read(tokens, args, options, reading);
  } catch (thrown) {
    if (reading.isByPlace || !beforeDashes(tokens).includes("--help")) throw thrown;
    options.help = true; // whatever else can't be read
    return {};
  }
}

/** Whether a positional argument must be given. */
export function isRequired(slot: Arg): boolean {
  return slot.required !== false && slot.default === undefined;
}

/** Whether an argument is free text, which may look like an option that the command does not have. */
export function isFreeText(slot: Arg, before: readonly string[]): boolean {
  return slot.rawAfter?.(before) ?? (slot.raw === true && isRequired(slot));
}

/** The words before `--`, among which options are options. */
export function beforeDashes(tokens: readonly string[]): readonly string[] {
  const dashes = tokens.indexOf("--");
  return dashes === -1 ? tokens : tokens.slice(0, dashes);
}

function read(
  tokens: readonly string[],
  args: Record<string, Arg>,
  options: GlobalOptions,
  { values, isByPlace }: CommandLine,
): Record<string, unknown> {
  // loops, here and below: filter, find and their like have to be compiled at their first use
  const slots: Slot[] = [];
  for (const name in args) {
    const arg = args[name] as Arg;
    if (arg.type !== "positional") continue;
    if (arg.unless === undefined || isByPlace || !isGiven(arg.unless, tokens)) slots.push([name, arg]);
  }
  const positionals: string[] = [];
  // a %id, or a target such as dev:1.2, in place of a session: the pane as well, which is not given again
  let place: string | undefined;
  const placePane = () => {
    if (place === undefined || slots[positionals.length]?.[0] !== "pane") return;
    positionals.push(place);
    place = undefined;
  };
  let literalFrom: number | undefined;
  try {
    for (let i = 0; i < tokens.length; ) {
      placePane();
      const token = tokens[i] ?? "";
      const slot = slots[positionals.length];
      const isText = slot !== undefined && isFreeText(slot[1], positionals);
      // a last "--" where free text is due is that text
      if (literalFrom === undefined && token === "--" && !(isText && i === tokens.length - 1)) {
        literalFrom = positionals.length;
        i += 1;
      } else if (
        literalFrom !== undefined ||
        !isOption(token) ||
        (isText && isTextHere(token, { tokens, args, slot, isByPlace }))
      ) {
        if (slot?.[0] === "session" && isPlace(token)) place = token;
        positionals.push(token);
        i += 1;
      } else {
        // an option of its own comes before a global one of that name
        const used = optionNamed(token, args) === undefined ? readGlobal(tokens, i, options) : 0;
        if (used === 0 && !isKnownOption(token, args)) throw unknown(token, args, slots);
        i += used || readOption(tokens, i, args, values);
      }
    }
  } finally {
    placePane();
    for (let i = 0; i < slots.length; i++) {
      const [name, arg] = slots[i] as Slot;
      const rest = arg.multiple && positionals.length > i ? positionals.slice(i) : undefined;
      values[name] = rest ?? positionals[i];
    }
  }
  if (options.help || options.version) return {};
  const last = slots[slots.length - 1]?.[1];
  const isBehindDashes = literalFrom !== undefined && literalFrom < slots.length;
  const isRest = last?.multiple === true && (last.isRest === true || isBehindDashes);
  if (positionals.length > slots.length && !isRest) throw leftOver(positionals, slots, args);
  for (let i = positionals.length; i < slots.length; i++) {
    const [name, arg] = slots[i] as Slot;
    if (isRequired(arg)) throw invalid(`<${name}> is missing`);
  }
  try {
    return readKinds(values, args);
  } catch (thrown) {
    // what an option stands for was given all the same, perhaps, and is in the place of another
    const hint = standIn(slots, args);
    if (!(thrown instanceof AppError) || !thrown.message.startsWith("<") || thrown.hint || !hint) throw thrown;
    throw new AppError(thrown.code, thrown.message, { hint, cause: thrown });
  }
}

/**
 * Fills in what was not given, and reads what has a kind: `values` holds texts, and then what they mean. `nameOf` is how an
 * argument is called in errors. Throws ERR_INVALID_ARGUMENT.
 */
export function readKinds(
  values: Record<string, unknown>,
  args: Record<string, Arg>,
  nameOf = (name: string, arg: Arg) => (arg.type === "positional" ? `<${name}>` : `--${name}`),
): Record<string, unknown> {
  for (const name in args) {
    const arg = args[name] as Arg;
    values[name] ??= arg.default;
    if (arg.kind === undefined || values[name] === undefined) continue;
    // what was given is a text, or several where the kind takes several
    values[name] = KINDS[arg.kind](nameOf(name, arg), values[name] as never);
  }
  return values;
}

function isGiven(option: string, tokens: readonly string[]): boolean {
  for (const token of tokens) {
    if (token === "--") return false;
    if (token === `--${option}` || token.startsWith(`--${option}=`)) return true;
  }
  return false;
}

/** Whether a token that looks like an option is the free text that is due. */
function isTextHere(
  token: string,
  {
    tokens,
    args,
    slot,
    isByPlace,
  }: { tokens: readonly string[]; args: Record<string, Arg>; slot: Slot; isByPlace: boolean },
): boolean {
  // what a completion script passes on is never meant for us
  if (slot[1].isInternal) return true;
  if (!isByPlace) return !isKnownOption(token, args);
  // `pane-exec --help` asks for help; `pane-exec dev 0 --help` types it
  return !(tokens.length === 1 && (token === "--help" || token === "-h"));
}

function leftOver(positionals: readonly string[], slots: readonly Slot[], args: Record<string, Arg>): AppError {
  return invalid(`unexpected argument "${positionals[slots.length] ?? ""}"`, whyLeftOver(slots, args));
}

function whyLeftOver(slots: readonly Slot[], args: Record<string, Arg>): string | undefined {
  const hint = standIn(slots, args);
  if (hint !== undefined) return hint;
  const [last, arg] = slots.at(-1) ?? [];
  if (arg?.multiple) return `Quote the ${last}, so that it is one argument, or put -- before it.`;
  return arg?.raw ? `Quote the ${last}, so that it is one argument.` : undefined;
}

/** What to say of an argument for which an option stands. */
function standIn(slots: readonly Slot[], args: Record<string, Arg>): string | undefined {
  for (const [name, arg] of Object.entries(args)) {
    const isGivenByOption = arg.unless !== undefined && !slots.some(([slot]) => slot === name);
    if (isGivenByOption) return `--${arg.unless} stands for <${name}>: leave that out.`;
  }
  return undefined;
}

function unknown(token: string, args: Record<string, Arg>, slots: readonly Slot[]): AppError {
  const name = token.startsWith("--") ? (token.split("=")[0] ?? token) : token;
  const last = slots.at(-1);
  const hint = last?.[1].multiple ? `If it is part of the ${last[0]}, put -- before that.` : undefined;
  return unknownOption(name, knownOptions(args), hint);
}
