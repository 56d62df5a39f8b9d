import { config } from "../lib/config.ts";
import { AppError, asError, expectedError } from "../lib/errors.ts";
import { jsonText } from "../lib/json.ts";
import { type StatePaths, statePaths } from "../lib/paths.ts";
import { VERSION } from "../lib/self.ts";
import { resolveServer, type TmuxServer } from "../tmux/server.ts";
import type { Command, Context } from "./define.ts";
import { defaultOptions, type GlobalOptions, parseCommand, takeGlobals } from "./parse.ts";
import { isColorful, print, printError } from "./print.ts";
import { COMMANDS, type Entry, FAMILIES, type Family, familyOf } from "./table.ts";

/**
 * Runs one command line and returns the exit code. Everything that goes wrong below arrives here and is told here,
 * once: in JSON on stdout for the bridge and with --json, as sentences on stderr otherwise.
 */
export async function dispatch(calledName: string, argv: readonly string[]): Promise<number> {
  const options = defaultOptions();
  const called = familyOf(calledName);
  const call: Call = { words: called === undefined ? [] : [called], options, values: {} };
  try {
    return await route(call, called, argv);
  } catch (thrown) {
    return await fail(asError(thrown), call);
  }
}

/** What is known of a command line so far, for whoever has to tell of an error. */
interface Call {
  words: string[];
  options: GlobalOptions;
  values: Record<string, unknown>;
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
    const [name2] = takeGlobals(after, options);
    if (!family && name2 === undefined && family2 !== undefined && (await topic(family2, options.json))) return 0;
    if (!family && family2 !== undefined && Object.hasOwn(FAMILIES, family2)) {
      family = family2 as Family;
      words.push(family);
      name = name2;
    } else {
      name = family2;
    }
  }
  if (options.version) return version();
  if (name === undefined) return await overview(family, options.help);
  const table: Record<string, Entry> = family ? FAMILIES[family] : COMMANDS;
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!entry) throw unknownCommand(family, name, Object.keys(family ? table : { ...FAMILIES, ...COMMANDS }));
  words.push(name);
  const loading = entry.load();
  const { default: command } = loading instanceof Promise ? await loading : loading; // each await takes its time
  call.values = parseCommand(wantsHelp ? [] : rest.slice(1), command.args, options);
  if (options.version) return version();
  if (options.help) return await help(words, command, options);
  return (await command.run(call.values as never, context(options))) ?? 0;
}

function version(): number {
  print(VERSION);
  return 0;
}

/** What a command may ask for, worked out when it does: a start is short, and counted in milliseconds. */
function context({ socketName: name, socketPath: path, json, quiet, color }: GlobalOptions): Context {
  let server: TmuxServer | undefined;
  let paths: StatePaths | undefined;
  return {
    get server() {
      server ??= resolveServer({ name, path });
      return server;
    },
    get paths() {
      paths ??= statePaths(this.server.stateFolder);
      return paths;
    },
    json,
    quiet,
    color,
  };
}

async function help(words: string[], command: Command, options: GlobalOptions): Promise<number> {
  const { commandHelp } = await import("./help.ts");
  const color = options.color && (await isColorful());
  print(await commandHelp(words, command, color));
  return 0;
}

/** Prints what `help exit-codes` and its like ask for; false when there is no such topic. */
async function topic(name: string, json: boolean): Promise<boolean> {
  const { topicHelp } = await import("./help.ts");
  const text = await topicHelp(name, json);
  if (text !== undefined) print(text);
  return text !== undefined;
}

/** Without a command: the list of commands, as an answer when it was asked for, else as an error. */
async function overview(family: Family | undefined, asked: boolean): Promise<number> {
  const { familyHelp, programHelp } = await import("./help.ts");
  const text = family ? familyHelp(family) : programHelp();
  if (asked) print(text);
  else printError(text);
  return asked ? 0 : 2;
}

async function fail(error: Error, call: Call): Promise<number> {
  const { words, options } = call;
  const known = expectedError(error);
  const hint = "This is a bug: please report it, with what follows.";
  const failure = known ?? new AppError("ERR_COMMAND_FAILED", error.message, { hint });
  const advice =
    failure.hint ?? (failure.exitCode === 2 ? `See: ${["claude-tmux", ...words, "--help"].join(" ")}` : undefined);
  try {
    const answer = await failureAnswer(failure, advice, call);
    if (answer !== undefined) print(answer);
  } catch {
    // stdout is what failed
  }
  printError(`claude-tmux: ${failure.message}${advice && !options.quiet ? `\n${advice}` : ""}`);
  if (config.debug || !known) printError(error.stack ?? String(error));
  return failure.exitCode;
}

/** The JSON that stands on stdout for a failure: always for the bridge, else with --json. */
async function failureAnswer(
  { code, message, details }: AppError,
  hint: string | undefined,
  { words, options, values }: Call,
) {
  const [family, command] = words;
  if (family === "bridge" && command !== undefined) {
    const { failureReply } = await import("../bridge/reply.ts");
    const text = (name: string) => (typeof values[name] === "string" ? (values[name] as string) : "");
    const subject = { command, session: text("session") || text("name"), paneId: text("pane") };
    return failureReply({ ...subject, code, message, hint, details, compact: values.compact === true });
  }
  return options.json ? jsonText({ status: "error", output: message, ...details, error: { code, hint } }) : undefined;
}

function unknownCommand(family: Family | undefined, name: string, known: string[]): AppError {
  const near = known.find(
    (candidate) => candidate.includes(name) || name.includes(candidate) || isNear(candidate, name),
  );
  const hint = near
    ? `Did you mean: claude-tmux ${family ? `${family} ` : ""}${near}`
    : `See: claude-tmux ${family ? `${family} ` : ""}--help`;
  return new AppError("ERR_INVALID_ARGUMENT", `There is no ${family ? `${family} ` : ""}command "${name}"`, { hint });
}

/** One letter wrong, missing, added, or two swapped. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a.length < 3) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 2;
}
