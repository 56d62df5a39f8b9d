import { baseName } from "../lib/names.ts";

/** What a command line runs. */
export interface Program {
  /** the path or name by which it was called */
  path: string;
  /** the words of the command line up to its own, which are its arguments */
  words: number;
}

/**
 * The program of a command line: its first word, or the script that it has an interpreter run. Undefined where that can't be told,
 * as for a program that is given in the command line itself (`sh -c`, `node -e`). Pure.
 */
export function programOf(argv: readonly string[]): Program | undefined {
  const [first = ""] = argv;
  if (first === "") return undefined;
  if (baseName(first) === "env") return ofEnv(argv);
  const interpreter = interpreterOf(first);
  return interpreter ? scriptOf(interpreter, argv) : { path: first, words: 1 };
}

/**
 * What a program is called: its file's name without `.js` and the like; the folder's, for one that keeps its versions apart
 * (`claude/versions/2.1.332`); and of what a program has written over its command line, the first word. Pure.
 */
export function nameOf({ path }: Program): string {
  const [, kept] = /\/([^/]+)\/versions\/[^/]+$/.exec(path) ?? [];
  const [name = ""] = baseName(path).split(" ");
  return kept ?? name.replace(/\.(js|mjs|cjs|ts|py|exe)$/, "");
}

/**
 * Whether a command line starts that program and nothing else, and always the same one: by its bare name or its whole path, or by an
 * interpreter that is given its whole path, and beside it no option that could have it run something more. Pure.
 */
export function isDirect(argv: readonly string[]): boolean {
  const program = programOf(argv);
  const [first = ""] = argv;
  if (!program || /^[^/]+\//.test(first)) return false;
  if (program.words === 1) return true;
  const harmless = interpreterOf(first)?.harmless;
  return (
    program.path.startsWith("/") && argv.slice(1, program.words - 1).every((word) => harmless?.test(word) === true)
  );
}

/** A program that runs others, which are files. */
interface Interpreter {
  names: RegExp;
  /** a first word that says no more than that a script follows */
  verb?: string;
  /** options that have the next word as their value */
  valued: readonly string[];
  /** options with which no file is run */
  inline: RegExp;
  /** options of which nothing more is run, as agents' own first lines have them (`#!/usr/bin/env -S node --no-warnings`) */
  harmless?: RegExp;
}

const INTERPRETERS: readonly Interpreter[] = [
  {
    names: /^node(js)?[\d.]*$/,
    valued: "-r --require --import --loader --experimental-loader -C --conditions --title".split(" "),
    inline: /^(-[ep]+|--eval|--print|--run)(=|$)/,
    harmless: /^--(no-warnings(=\w+)?|disable-warning=\w+|no-deprecation|enable-source-maps|max-old-space-size=\d+)$/,
  },
  {
    names: /^bun$/,
    verb: "run",
    valued: "-r --preload -c --config --cwd --env-file".split(" "),
    inline: /^(-[ep]|--eval|--print)(=|$)/,
  },
  { names: /^deno$/, verb: "run", valued: "-c --config --import-map".split(" "), inline: /^(eval|repl)$/ },
  { names: /^(python|pypy)[\d.]*$/, valued: ["-W", "-X"], inline: /^-[A-Za-z]*[cm]/ },
  {
    names: /^(ba|da|z|k|a|fi)?sh$/,
    valued: "-o +o -O +O --rcfile --init-file".split(" "),
    inline: /^-[A-Za-z]*[cs]|^--command/,
    harmless: /^-[eu]+$/,
  },
];

function interpreterOf(first: string): Interpreter | undefined {
  return INTERPRETERS.find(({ names }) => names.test(baseName(first)));
}

function scriptOf({ verb, valued, inline }: Interpreter, argv: readonly string[]): Program | undefined {
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (inline.test(word)) return undefined;
    if (valued.includes(word) || word === "--") at += word === "--" ? 0 : 1;
    else if (!/^[-+]/.test(word) && !(word === verb && argv[at - 1] === argv[0])) return { path: word, words: at + 1 };
  }
  return undefined;
}

/** env(1) with variables alone: what other options do with the words is not looked at. */
function ofEnv(argv: readonly string[]): Program | undefined {
  const at = argv.findIndex((word, i) => i > 0 && !/^[A-Za-z_]\w*=/.test(word));
  if (at === -1 || argv[at]?.startsWith("-")) return undefined;
  const program = programOf(argv.slice(at));
  return program && { path: program.path, words: at + program.words };
}
