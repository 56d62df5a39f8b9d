import type { ArgDef, ArgsDef, ParsedArgs } from "citty";
import type { GenericSchema } from "valibot";
import type { StatePaths } from "../lib/paths.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Kind, Meaning } from "./kinds.ts";

/** A command in the table, and how to load the rest of it only when it is called. */
export interface Entry {
  /** what it does, in one line for lists and for its own help: lower case, no full stop */
  summary: string;
  /** a call to tmux is the first that it does: a client is started for that while the command is loaded (see early-client.ts) */
  asksTmux?: boolean;
  load: () => Promise<{ default: Command }>;
}

/** The families of subcommands. */
export type Family = "bridge" | "daemon" | "watchdog";

/** Every command: those of no family, those of each, and what help says about the families. */
export interface Table {
  commands: Record<string, Entry>;
  families: Record<Family, Record<string, Entry>>;
  familySummaries: Record<Family, string>;
}

/**
 * What every command gets besides its own arguments: what it works on, and how it hears from and tells whoever has called
 * it, be that somebody at a terminal or another program.
 */
export interface Context {
  server: TmuxServer;
  paths: StatePaths;
  /** what can be called */
  table: Table;
  /** a text of ours that suggests commands, as these work for the caller: with the same -L or -S */
  ours(text: string): string;
  /** tells people something beside the answer, such as when it takes effect */
  note(text: string): void;
  /** all that it is given on its standard input; the same each time it is asked for */
  input(): Promise<Uint8Array>;
  /** is given what a command in a pane writes, as it comes, where somebody looks on */
  onOutput?: ((piece: Uint8Array) => void) | undefined;
  /** is told, when a wait is given up, that what was typed or waited for has been seen and goes on */
  onLeft?: (() => void) | undefined;
  /** runs what may take long, with a signal that is aborted when the caller wants it no more */
  interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** How whoever called from a terminal, or a script, wants to be told. */
export interface Terminal {
  json: boolean;
  quiet: boolean;
  /** false after --no-color */
  color: boolean;
  /** whether a person reads the answer: stdout is a terminal, and it was asked for neither as JSON nor as the old scripts did */
  isForPeople: boolean;
}

/** What a command gets that prints by itself. */
export type TerminalContext = Context & Terminal;

/**
 * An argument as citty describes it, and what citty cannot say:
 * - `raw`, free text such as a command or a pattern: it may look like an option, if the command has no such one. An
 *   optional one takes such text only after `--`, unless `rawAfter` says, from the positional arguments before it, that it
 *   must be.
 * - `multiple`, an option that may be repeated, or a last positional argument that takes all words after `--`; its value
 *   is then a string[].
 * - `isRest`, such an argument that takes all words that are left, also without `--`.
 * - `unless`, the option that stands in for a positional argument.
 * - `names`, what it names on the tmux server, by the positional arguments before it where that is not always the same,
 *   and `values`, all that it can be: for completion.
 * - `kind`, what it means: the command gets that, read, and not the text (see KINDS).
 * - `isOfTerminal`: how the answer is printed, or that printing goes on: nothing that another program could ask for.
 * - `isInternal`: not for people, and not in the reference.
 */
export type Arg = ArgDef & {
  raw?: boolean;
  rawAfter?(before: readonly string[]): boolean;
  multiple?: boolean;
  isRest?: boolean;
  unless?: string;
  names?: Named | ((before: readonly string[]) => Named | undefined);
  values?: readonly string[];
  kind?: Kind;
  isOfTerminal?: boolean;
  isInternal?: boolean;
};

/** What an argument can name on the tmux server. */
export type Named = "session" | "pane" | "label";

/**
 * What a command does to what is the user's: it only reads, it changes something, or it ends or removes something that can't
 * be had back. What a command leaves as it found it, such as a pipe by which it listens, does not count.
 */
export type Effect = "reads" | "changes" | "destroys";

/** Words that are others for each value of one argument: a command line has them in order, another program by name. */
export interface Variants {
  /** the argument */
  by: string;
  /** the positional arguments that take the words, in order */
  into: readonly string[];
  /** the words of each value, in order */
  of: Readonly<Record<string, Readonly<Record<string, Arg>>>>;
}

/** What a command takes, does and is, apart from the call that does it. */
export interface Declaration<A extends Record<string, Arg> = Record<string, Arg>> {
  effect: Effect;
  /** shown under EXAMPLES in its help, each a line that can be pasted */
  examples: readonly [string, ...string[]];
  args: A;
  variants?: Variants;
  /** text for its help beyond the arguments: exit codes, units */
  notes?: string;
  /** its answer is lines of text, not JSON: a failure is told in words on stderr too */
  isStream?: boolean;
  /** the exit code of a failure, in place of the one that the error has; the old scripts' names keep that one */
  failureCode?(own: number): number;
  /** whoever calls it is to go on, whatever happens: no failure is told, and each has the exit code 0 */
  isSilent?: boolean;
}

/** One command: its declaration, and the one call that does it, and prints. */
export interface Command<A extends Record<string, Arg> = Record<string, Arg>> extends Declaration<A> {
  /** the exit code is the returned number, else 0 */
  run(args: Values<A>, context: TerminalContext): Promise<number | undefined> | number | undefined;
}

/**
 * A command that can be called without a terminal as well. All can but those that print until somebody ends them, those
 * that are a background program, and those that are for a shell or a person to look at.
 */
export interface AnsweringCommand<A extends Record<string, Arg> = Record<string, Arg>> extends Command<A> {
  /** does it, prints nothing, and returns plain data: what --json prints */
  answer(args: Values<A>, context: Context): Promise<unknown> | unknown;
  /** what such data look like; loaded only when it is asked for */
  schema(): Promise<GenericSchema>;
}

/** Whether a command can be called without a terminal. */
export function isAnswering(command: Command): command is AnsweringCommand {
  return "answer" in command;
}

/** The values of a command's arguments by name. */
export type Values<A extends Record<string, Arg>> = {
  [K in keyof A]: A[K] extends { kind: infer M extends Kind }
    ? IsGiven<A[K]> extends true
      ? Meaning<M>
      : Meaning<M> | undefined
    : A[K] extends { multiple: true }
      ? string[]
      : ParsedArgs<A & ArgsDef>[K & string];
};

/** Whether an argument always has a value. */
type IsGiven<A> = A extends { unless: string }
  ? false
  : A extends { default: string } | { required: true }
    ? true
    : false;

/** Declares a command; its arguments type what `run` gets. */
export function command<const A extends Record<string, Arg>>(spec: Command<A>): Command<A> {
  return spec;
}

/** A pane as somebody has named it, for who waits there. */
export function placeWords({ session, pane }: { session: string; pane: string }): string {
  return session === pane ? pane : `${session} ${pane}`;
}

/** The SESSION argument that most commands begin with. */
export const sessionArg = {
  type: "positional",
  description: "the session, by its exact name or its id ($3)",
  required: true,
  names: "session",
} as const;

/** The PANE argument that most bridge commands take second. */
export const paneArg = {
  type: "positional",
  description: "the pane: index (1), window.index (2.1), label, window or id; %5 or dev:1.2 stand for both",
  required: true,
  names: "pane",
} as const;

/** The COMMAND argument: free text for a shell; several words after -- are quoted. */
export const commandArg = {
  type: "positional",
  description: "the command as one argument, or its words after --",
  required: true,
  raw: true,
  multiple: true,
  kind: "command",
} as const;

/** The SECONDS argument, which --timeout may stand in for. */
export const secondsArg = {
  type: "positional",
  description: "how long to wait at most: seconds, or 30s, 5m, 1h30m; or --timeout",
  required: true,
  kind: "seconds",
  unless: "timeout",
} as const;

/** What may stand in for SECONDS. */
export const timeoutArg = {
  type: "string",
  description: "how long to wait at most: seconds, or 30s, 5m, 1h30m",
  kind: "seconds",
  valueHint: "S",
} as const;

/** The --tree of what ends a pane. */
export const treeArg = { type: "boolean", description: "end also the processes that live on" } as const;

/** The PATTERN argument: a regular expression. */
export const patternArg = {
  type: "positional",
  description: "a regular expression (RE2 syntax)",
  required: true,
  raw: true,
} as const;

/** The KEY argument of the metadata commands. */
export const metadataKeyArg = {
  type: "positional",
  description: "any text of 1 to 200 characters",
  required: true,
  raw: true,
  kind: "key",
} as const;
