import { baseName } from "../lib/names.ts";
import type { Resumed } from "./agent.ts";
import { programOf } from "./program.ts";

/** Options by how many words belong to each; names with blanks between them. */
export interface Options {
  /** none */
  flags?: string;
  /** the next one, whatever it is */
  one?: string;
  /** the next one, unless that is an option */
  optional?: string;
  /** all up to the next option */
  many?: string;
}

/** What an agent's command line may hold, and what becomes of it when a conversation is gone on with. */
export interface Rules {
  /** what an id of a conversation is: none of another form is ever made a word of a command line */
  id: RegExp;
  /** the words that go on with it */
  goOn(conversation: string): string[];
  /** given again */
  kept: Options;
  /** given again as well, but they have the agent do without asking what it would ask, or do more than can be told from them */
  granting: Options;
  /** belong to the start or to another conversation: left out */
  dropped: Options;
  /** with one of these it is nothing that is gone on with */
  refused: string;
  /** subcommands, with which it is no conversation in a terminal; they are the first word that is no option */
  subcommands: string;
  /** words that are no options: a prompt, which is not given again, or a folder, which is */
  operands: "dropped" | "kept";
  /** values with which an option of `kept` grants nothing; with any other it does */
  harmless?: Readonly<Record<string, RegExp>>;
}

/** The command line that goes on with a conversation, by an agent's rules (see AgentKind). Pure. */
export function resumeBy(rules: Rules, argv: readonly string[], conversation: string): Resumed | undefined {
  const program = programOf(argv);
  // a name with a blank in it is what a program has written there about itself
  if (!program || baseName(program.path).includes(" ") || !rules.id.test(conversation)) return undefined;
  const replayed = replay(rules, argv.slice(program.words));
  if (!replayed) return undefined;
  return {
    argv: [...argv.slice(0, program.words), ...rules.goOn(conversation), ...replayed.words],
    isPlain: replayed.isPlain,
  };
}

interface Replayed {
  words: string[];
  isPlain: boolean;
}

type Takes = keyof Options;
type Known = { takes: Takes; fate: "kept" | "granting" | "dropped" | "refused" };

function replay(rules: Rules, args: readonly string[]): Replayed | undefined {
  const known = tableOf(rules);
  const words: string[] = [];
  let isPlain = true;
  let isFirst = true;
  for (let at = 0; at < args.length; ) {
    const word = args[at++] ?? "";
    if (word === "--") break; // whatever follows is no option
    if (!isOption(word)) {
      if (isFirst && rules.subcommands.split(" ").includes(word)) return undefined;
      isFirst = false;
      if (rules.operands === "kept" && word !== "") words.push(word);
      continue;
    }
    for (const { name, value } of split(word, known)) {
      const option = known.get(name);
      if (option?.fate === "refused") return undefined;
      const end = value === undefined ? endOfValues(option?.takes ?? "flags", args, at) : at;
      // of an unknown one nobody knows whether the next word is its value, or a prompt
      if (!option && value === undefined && at < args.length && !isOption(args[at] ?? "")) return undefined;
      const values = value === undefined ? args.slice(at, end) : [value];
      if (option?.fate !== "dropped") {
        const isJoined = value !== undefined && name.startsWith("--");
        words.push(...(isJoined ? [word] : [name, ...values]));
        isPlain &&= option?.fate === "kept" && values.every((each) => rules.harmless?.[name]?.test(each) ?? true);
      }
      at = end;
    }
  }
  return { words, isPlain };
}

function tableOf(rules: Rules): Map<string, Known> {
  const known = new Map<string, Known>();
  const add = (fate: Known["fate"], takes: Takes, names = "") => {
    for (const name of names.split(" ")) if (name !== "") known.set(name, { takes, fate });
  };
  for (const fate of ["kept", "granting", "dropped"] as const)
    for (const takes of ["flags", "one", "optional", "many"] as const) add(fate, takes, rules[fate][takes]);
  add("refused", "flags", rules.refused);
  return known;
}

function isOption(word: string): boolean {
  return /^-./.test(word);
}

/** One word as the options that it is: `--name=value`, `-m value` without the blank, `-abc` for `-a -b -c`. */
function split(word: string, known: ReadonlyMap<string, Known>): { name: string; value?: string }[] {
  if (word.startsWith("--")) {
    const at = word.indexOf("=");
    return at === -1 ? [{ name: word }] : [{ name: word.slice(0, at), value: word.slice(at + 1) }];
  }
  const name = word.slice(0, 2);
  if (word.length === 2) return [{ name }];
  const takes = known.get(name)?.takes;
  if (takes === undefined) return [{ name: word }];
  if (takes !== "flags") return [{ name, value: word.slice(2).replace(/^=/, "") }];
  return [{ name }, ...split(`-${word.slice(2)}`, known)];
}

function endOfValues(takes: Takes, args: readonly string[], at: number): number {
  if (takes === "flags") return at;
  if (takes === "one") return Math.min(at + 1, args.length);
  const next = args.findIndex((word, i) => i >= at && isOption(word));
  const end = next === -1 ? args.length : next;
  return takes === "many" ? end : Math.min(end, at + 1);
}
