import { AppError, asError } from "../lib/errors.ts";
import { isTerminal } from "../lib/libc.ts";
import { type StatePaths, statePaths } from "../lib/paths.ts";
import { VERSION } from "../lib/self.ts";
import { dropEarly, startEarly } from "../tmux/early-client.ts";
import { resolveServer, type TmuxServer } from "../tmux/server.ts";
import type { Command, Context, Entry, Family, TerminalContext } from "./define.ts";
import { interruptible } from "./interrupt.ts";
import { nearest } from "./near.ts";
import { defaultOptions, type GlobalOptions, readGlobal, takeGlobals } from "./options.ts";
import { beforeDashes, type CommandLine, parseCommand } from "./parse.ts";
import { print, printError } from "./print.ts";
import { forSameServer } from "./same-server.ts";
import { asCalled, COMMANDS, FAMILIES, familyOf, TABLE } from "./table.ts";

/**
 * Runs one command line and returns the exit code. Everything that goes wrong below arrives here, and is told once (see fail).
 */
export async function dispatch(calledName: string, argv: readonly string[]): Promise<number> {
  const options = defaultOptions();
  const called = familyOf(calledName);
  const reading = { values: {}, isByPlace: called !== undefined };
  const call: Call = { words: called === undefined ? [] : [called], options, reading, rest: [], command: undefined };
  try {
    return await route(call, called, argv);
  } catch (thrown) {
    // how an error is told is known also where the command line was read no further than to that
    if (!reading.isByPlace)
      for (const token of beforeDashes(argv)) if (HOW_TOLD.includes(token)) readGlobal([token], 0, options);
    const { fail } = await import("./fail.ts");
    return await fail(asError(thrown), {
      ...call,
      ours: oursFor(options),
      isForPeople: isForPeople(call),
      isCompact: isCompact(call),
    });
  } finally {
    dropEarly();
  }
}

const HOW_TOLD = ["--json", "--quiet", "--no-color"];

/** What is known of a command line so far, for whoever has to tell of an error. */
interface Call {
  words: string[];
  options: GlobalOptions;
  reading: CommandLine;
  /** what follows the command's name */
  rest: readonly string[];
  command: Command | undefined;
}

async function route(call: Call, called: Family | undefined, argv: readonly string[]): Promise<number> {
  const { words, options } = call;
  let rest = takeGlobals(argv, options);
  let family = called;
  if (!family && rest[0] !== undefined && Object.hasOwn(FAMILIES, rest[0])) {
    family = rest[0] as Family;
    words.push(family);
    rest = takeGlobals(rest.slice(1), options);
  }
  let [name] = rest;
  const wantsHelp = name === "help" && !options.help;
  if (wantsHelp) {
    options.help = true;
    const [family2, ...after] = rest.slice(1);
    const words = takeGlobals(after, options);
    const [name2] = words;
    if (!family && family2 !== undefined && (await page(family2, words, options))) return 0;
    if (!family && family2 !== undefined && Object.hasOwn(FAMILIES, family2)) {
      family = family2 as Family;
      words.push(family);
      name = name2;
    } else {
      name = family2;
    }
  }
  if (options.version) return version();
  if (name === undefined) return await overview(family, options);
  if (!family && !Object.hasOwn(COMMANDS, name) && Object.hasOwn(FAMILIES.bridge, name)) {
    family = "bridge"; // these are called most, and found without their family
    words.push(family);
  }
  const table: Record<string, Entry> = family ? FAMILIES[family] : COMMANDS;
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!entry) throw wantsHelp && !family ? await unknownPage(name) : unknownCommand(family, name);
  words.push(name);
  if (entry.asksTmux && !wantsHelp) startEarlyFor(call, rest);
  const { default: command } = await entry.load();
  call.command = command;
  call.rest = wantsHelp ? [] : rest.slice(1);
  const values = parseCommand(call.rest, command.args, options, call.reading);
  if (options.version) return version();
  if (options.help) return await help(words, entry, options);
  const notes: string[] = [];
  try {
    return (await command.run(values as never, context(call, notes))) ?? 0;
  } finally {
    // beside the answer, and after it
    if (!options.quiet) for (const note of notes) printError(note);
  }
}

/** Starts a client for the server that is named, unless that may still change. */
function startEarlyFor({ options: { socketName: name, socketPath: path } }: Call, rest: readonly string[]): void {
  for (const token of rest) if (token.startsWith("-L") || token.startsWith("-S") || token === "--help") return;
  startEarly(() => resolveServer({ name, path }));
}

function version(): number {
  print(VERSION);
  return 0;
}

/** What a command may ask for, worked out when it does: a start is short, and counted in milliseconds. */
function context(call: Call, notes: string[]): TerminalContext {
  const { options } = call;
  const { socketName: name, socketPath: path, json, quiet, color } = options;
  const ours = oursFor(options);
  let server: TmuxServer | undefined;
  let paths: StatePaths | undefined;
  let input: Promise<Uint8Array> | undefined;
  return {
    get server() {
      server ??= resolveServer({ name, path });
      return server;
    },
    get paths() {
      paths ??= statePaths(this.server.stateFolder);
      return paths;
    },
    table: TABLE,
    ours,
    note: (text) => notes.push(ours(text)),
    input() {
      input ??= Bun.stdin.bytes();
      return input;
    },
    interruptible,
    json,
    quiet,
    color,
    get isForPeople() {
      return isForPeople(call);
    },
  };
}

function oursFor(options: GlobalOptions): Context["ours"] {
  return (text) => forSameServer(text, options, TABLE);
}

/** Whether a person reads what is printed, at a terminal, and has asked for no JSON. */
function isForPeople(call: Call): boolean {
  return !call.reading.isByPlace && !call.options.json && !isCompact(call) && isTerminal(1);
}

/** Whether the JSON is to be on one line, also where the command line could not be read. */
function isCompact({ reading: { values, isByPlace }, rest }: Pick<Call, "reading" | "rest">): boolean {
  return values.compact === true || (!isByPlace && beforeDashes(rest).includes("--compact"));
}

async function help(words: string[], entry: Entry, options: GlobalOptions): Promise<number> {
  const { commandHelp, shownHere } = await import("./help.ts");
  print(await commandHelp(words, entry, shownHere(options.color)));
  return 0;
}

/** Prints what `help exit-codes`, `help man pane-run` and their like ask for; false when there is no such page. */
async function page(name: string, words: readonly string[], { json, color }: GlobalOptions): Promise<boolean> {
  const { manHelp, pageHelp, shownHere } = await import("./help.ts");
  if (name === "man") {
    const source = await manHelp(words);
    if (source === undefined) throw await unknownPage(words.at(-1) ?? "");
    print(source);
    return true;
  }
  const text = words.length === 0 ? pageHelp(name, json, shownHere(color)) : undefined;
  if (text !== undefined) print(text);
  return text !== undefined;
}

/** Without a command: the list of commands, as an answer when it was asked for, else as an error. */
async function overview(family: Family | undefined, { help: asked, color }: GlobalOptions): Promise<number> {
  const { familyHelp, programHelp, shownHere } = await import("./help.ts");
  const shown = shownHere(color && asked);
  const text = family ? familyHelp(family, shown) : programHelp(shown);
  if (asked) print(text);
  else printError(text);
  return asked ? 0 : 2;
}

/** What people who know tmux or other tools call a command of ours. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ls: "session-list",
  "list-sessions": "session-list",
  "new-session": "session-create",
  "kill-session": "session-kill",
  "list-panes": "pane-list-detailed",
  "pane-list": "pane-list-detailed",
  panes: "pane-list-detailed",
  "split-window": "pane-create",
  "kill-pane": "pane-kill",
  "capture-pane": "pane-capture",
  "send-keys": "pane-exec",
  exec: "pane-exec",
};

async function unknownPage(name: string): Promise<AppError> {
  const { PAGES } = await import("./reference/pages.ts");
  const pages = [...PAGES, "man"];
  const near = nearest(name, [
    ...pages,
    ...Object.keys(FAMILIES),
    ...Object.keys(COMMANDS),
    ...Object.keys(FAMILIES.bridge),
  ]);
  const hint = near
    ? `Did you mean: claude-tmux help ${near}`
    : `Pages: ${pages.join(", ")}; commands: claude-tmux --help`;
  return new AppError("ERR_INVALID_ARGUMENT", `There is no help on "${name}"`, { hint });
}

function unknownCommand(family: Family | undefined, name: string): AppError {
  const families = [...(Object.keys(FAMILIES) as Family[])];
  const known = (of: Family) => Object.keys(FAMILIES[of]);
  const elsewhere = families.find((other) => known(other).includes(name));
  const own = family ? known(family) : [...families, ...Object.keys(COMMANDS), ...known("bridge")];
  const near = elsewhere ? undefined : nearest(name, own);
  const other = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  const meant = elsewhere ? asCalled(elsewhere, name) : (other ?? (near && asCalled(family, near)));
  const hint = meant ? `Did you mean: claude-tmux ${meant}` : `See: claude-tmux ${family ? `${family} ` : ""}--help`;
  return new AppError("ERR_INVALID_ARGUMENT", `There is no ${family ? `${family} ` : ""}command "${name}"`, { hint });
}
