import type { Arg, Entry, Family, Table } from "../define.ts";
import {
  defaultOptions,
  type GlobalOptions,
  isKnownOption,
  isOption,
  optionNamed,
  readGlobal,
  spellings,
  takeGlobals,
} from "../options.ts";
import { isFreeText } from "../parse.ts";
import { GLOBAL_OPTIONS } from "../reference/globals.ts";
import { PAGES, pageTitle } from "../reference/pages.ts";

/** A word that may come next, and what it is. */
export interface Completion {
  value: string;
  description: string;
}

/** What there is on the tmux server that the words name so far. */
export interface Live {
  sessions(): Completion[];
  panes(session: string): { index: Completion; label: Completion | undefined }[];
}

/** What the global options offer: their long names, and -L and -S. */
const GLOBALS: Completion[] = GLOBAL_OPTIONS.flatMap(([names, description]) =>
  names.split(", ").map((name) => ({ value: name.split(" ")[0] ?? "", description })),
);

/**
 * What may stand in place of the last of these words (those after the program's name, the last one as far as it has been
 * typed). Nothing where any text may stand, or where the words before make no sense.
 * @param live is asked with the global options among the words
 */
export async function candidates(
  words: readonly string[],
  table: Table,
  live: (options: GlobalOptions) => Live,
): Promise<Completion[]> {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? "";
  const found = await next(before, typed, { table, live }).catch(() => []);
  return found.filter(({ value }) => value.startsWith(typed));
}

async function next(
  before: string[],
  typed: string,
  { table: all, live }: { table: Table; live: (options: GlobalOptions) => Live },
): Promise<Completion[]> {
  const options = defaultOptions();
  let rest = takeGlobals(before, options);
  const [first, second, ...more] = rest;
  if (first === undefined) return isDashed(typed) ? GLOBALS : programWords(all);
  if (first === "help") {
    if (second === undefined) return [...programWords(all), ...pageWords()];
    return more.length === 0 && isFamily(all, second) ? tableWords(all.families[second]) : [];
  }
  let table = all.commands;
  if (isFamily(all, first)) {
    table = all.families[first];
    rest = takeGlobals(rest.slice(1), options);
    if (rest[0] === "help") return rest.length === 1 ? tableWords(table) : [];
    if (rest.length === 0) return isDashed(typed) ? GLOBALS : helpAnd(tableWords(table));
  } else if (!Object.hasOwn(all.commands, first)) {
    table = all.families.bridge; // which is found without its family
  }
  const [name = "", ...args] = rest;
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!entry) return [];
  const { default: command } = await entry.load();
  const place = placeAfter(args, command.args, options);
  const from = live(options);
  if (place.option) return valuesOf(place.option, place.positionals, from);
  if (isDashed(typed) && !place.isLiteral) return [...optionWords(command.args), ...GLOBALS];
  if (place.slot && !place.slot.values && isFreeText(place.slot, place.positionals)) return [];
  return place.slot ? valuesOf(place.slot, place.positionals, from) : [];
}

/** Where a word after these arguments would stand: as the value of an option, or in the slot of a positional argument. */
function placeAfter(tokens: readonly string[], args: Record<string, Arg>, options: GlobalOptions) {
  const slots = Object.values(args).filter((arg) => arg.type === "positional");
  const positionals: string[] = [];
  let isLiteral = false;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? "";
    const slot = slots[positionals.length];
    const isText = slot !== undefined && isFreeText(slot, positionals);
    if (!isLiteral && token === "--") isLiteral = true;
    else if (isLiteral || !isOption(token) || (isText && !isKnownOption(token, args))) positionals.push(token);
    else {
      const option = optionNamed(token, args);
      const takesValue = option !== undefined && option.type !== "boolean" && !token.includes("=");
      if (takesValue && i === tokens.length - 1) return { option, slot: undefined, positionals, isLiteral };
      if (takesValue) i++;
      else if (option === undefined) i += readGlobal(tokens, i, options) - 1;
    }
  }
  const last = slots.at(-1);
  const slot = slots[positionals.length] ?? (last?.isRest ? last : undefined);
  return { option: undefined, slot, positionals, isLiteral };
}

function valuesOf(arg: Arg, positionals: readonly string[], live: Live): Completion[] {
  if (arg.values) return arg.values.map((value) => ({ value, description: "" }));
  const [session = ""] = positionals;
  switch (typeof arg.names === "function" ? arg.names(positionals) : arg.names) {
    case "session":
      return live.sessions();
    case "pane": {
      const panes = live.panes(session);
      return [...panes.flatMap(({ label }) => label ?? []), ...panes.map(({ index }) => index)];
    }
    case "label":
      return live.panes(session).flatMap(({ label }) => label ?? []);
    default:
      return [];
  }
}

function programWords({ commands, families: { bridge }, familySummaries }: Table): Completion[] {
  const families = Object.entries(familySummaries).map(([value, description]) => ({ value, description }));
  // these are found without their family
  return helpAnd([...families, ...tableWords(commands), ...tableWords(bridge)]);
}

function helpAnd(words: Completion[]): Completion[] {
  return [...words, { value: "help", description: "help on a command or a page" }];
}

function pageWords(): Completion[] {
  const pages = PAGES.map((value) => ({ value, description: pageTitle(value) }));
  return [...pages, { value: "man", description: "The man page" }];
}

function tableWords(table: Record<string, Entry>): Completion[] {
  return Object.entries(table).map(([value, { summary }]) => ({ value, description: summary }));
}

function optionWords(args: Record<string, Arg>): Completion[] {
  return Object.entries(args).flatMap(([name, arg]) =>
    arg.type === "positional" || arg.isInternal
      ? []
      : spellings(name, arg).map((value) => ({ value, description: arg.description ?? "" })),
  );
}

/** Whether a word is an option, or about to become one. */
function isDashed(typed: string): boolean {
  return typed.startsWith("-");
}

function isFamily({ families }: Table, word: string): word is Family {
  return Object.hasOwn(families, word);
}
