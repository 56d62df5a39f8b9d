import { baseName } from "../lib/names.ts";
import type { AgentStart } from "./plan-terms.ts";

/** What a program may be given, so that it does no more than show, or have somebody edit, plain files. */
interface Harmless {
  /** options of one letter without a value, which may stand together (`-Rn`); digits are those of a number in them (`-o2`) */
  letters?: string;
  /** options of one letter with a value, in the same word or the next, and what values are harmless */
  values?: Readonly<Record<string, RegExp>>;
  /** whole words beside those: long options, `+5` */
  words?: RegExp;
  /** what is no option; without it, the program takes none */
  file?: RegExp;
  /** what must be among the words, and what it is, in words */
  needs?: { is(args: readonly string[]): boolean; told: string };
}

/** No option, no command (`+!x`), and no address that an editor would open (`term://x`, `/ssh:host:`, `scp://x`). */
const FILE = /^[^-+\p{Cc}:][^\p{Cc}:]*$/u;
const NUMBER = /^\d+(\.\d+)?$/;
const NAME = /^\w[\w.-]*$/;
const COUNT = /^[-+]?\d+[a-zA-Z]{0,3}$/;

// vim(1), nvim(1): never -c, -S, --cmd, -u, -i, -s, -w, -W, -q, -t, and of nvim -l, which run or write something
const VIM: Harmless = { letters: "RndbMmZpoO0123456789", words: /^(\+\d*|--|--clean|--noplugin)$/, file: FILE };
// less(1): never -k, -o, -O, -t, -T, -p, -P, --lesskey-*, and of what stands behind a +, places alone
const LESS: Harmless = {
  letters: "aABcdeEfFgGiIJKLmMnNqQRsSuUwWX~0123456789",
  values: { b: NUMBER, h: NUMBER, j: /^-?\d*\.?\d+$/, x: /^\d+(,\d+)*$/, y: NUMBER, z: /^-?\d+$/ },
  words:
    /^(\+(F|G|\d+[gG%]?)|--|--(search-skip-screen|clear-screen|quit-at-eof|QUIT-AT-EOF|quit-if-one-screen|force|hilite-search|ignore-case|IGNORE-CASE|status-column|quit-on-intr|no-lessopen|long-prompt|LONG-PROMPT|line-numbers|LINE-NUMBERS|quiet|silent|RAW-CONTROL-CHARS|squeeze-blank-lines|chop-long-lines|no-init|tilde|follow-name|incsearch|mouse|use-color|wheel-lines=\d+))$/,
  file: FILE,
};
const NONE: Harmless = {};

const TABLE: Readonly<Record<string, Harmless>> = {
  vi: VIM,
  vim: VIM,
  nvim: VIM,
  view: VIM,
  vimdiff: VIM,
  less: LESS,
  // nano(1): never -s, -C, -f; emacs(1): never -f, -l, -eval, -batch
  nano: { letters: "vlmiwSExcAI", values: { T: /^\d+$/ }, words: /^(\+\d+(,\d+)?|--)$/, file: FILE },
  emacs: { words: /^(-nw|--no-window-system|-q|--no-init-file|-Q|--quick|\+\d+(:\d+)?)$/, file: FILE },
  // more(1), which is less(1) in some systems
  more: { letters: "dfcsu0123456789", words: /^\+\d+$/, file: FILE },
  most: { words: /^\+\d+$/, file: FILE },
  // names of pages and sections, no files
  man: {
    letters: "a",
    values: { s: /^\w+([:,]\w+)*$/ },
    file: /^[\w[][\w.:+()@[-]*$/,
    needs: { is: (args) => args.length > 0, told: "the name of a page" },
  },
  // never the pids of -p, which are other processes by then
  top: {
    letters: "HciSs1",
    values: { d: NUMBER, o: /^[-+]?[%\w]+$/, u: NAME, U: NAME, w: /^\d+$/, E: /^[kmgtpe]$/, e: /^[kmgtp]$/ },
  },
  htop: { letters: "CtMU", values: { d: NUMBER, s: NAME, u: NAME }, words: /^--(tree|no-color|no-mouse|readonly)$/ },
  btop: NONE,
  tail: {
    letters: "fFqv0123456789",
    values: { n: COUNT, c: COUNT },
    words:
      /^(--|--follow|--follow=(name|descriptor)|--retry|--quiet|--silent|--verbose|--(lines|bytes)=[-+]?\d+[a-zA-Z]{0,3})$/,
    file: FILE,
    needs: {
      is: (args) => args.some((word) => /^-[\dqv]*[fF]|^--follow/.test(word)) && args.some((word) => FILE.test(word)),
      told: "-f and a file",
    },
  },
};

/**
 * Why a program is not started again by nobody's leave, in words; undefined for what is: editors and pagers of plain files,
 * `tail -f` of them, and views of what goes on, with options that are known to be harmless, each by its name or in a folder of the
 * system. Pure.
 * Of a coding agent, how it was started tells.
 */
export function whyUnsafe(argv: readonly string[], agent?: AgentStart): string | undefined {
  if (agent) return agent.doubt;
  const [program = "", ...args] = argv;
  const name = baseName(program);
  if (!Object.hasOwn(TABLE, name)) return "it is none of the editors, pagers and viewers that are known to be harmless";
  if (program !== name && !/^\/(usr\/)?(local\/)?bin\/[^/]+$/.test(program))
    return `what is in that folder may be another ${name} than the usual one`;
  const known = TABLE[name] as Harmless;
  const unknown = unknownIn(args, known);
  if (unknown !== undefined) return `its ${unknown} is none of those that are known to be harmless`;
  return known.needs && !known.needs.is(args) ? `it was not given ${known.needs.told}` : undefined;
}

/** Whether the value of LESS, which has options for each less, is one of harmless ones. Pure. */
export function isHarmlessForLess(value: string): boolean {
  const words = value.split(/\s+/).filter((word) => word !== "");
  return (
    unknownIn(
      words.map((word) => (/^[-+]/.test(word) ? word : `-${word}`)),
      LESS,
    ) === undefined
  );
}

/** The first option or word that is not known to be harmless, named in words. */
function unknownIn(args: readonly string[], { letters = "", values = {}, words, file }: Harmless): string | undefined {
  let awaited: { option: string; form: RegExp } | undefined;
  for (const word of args) {
    if (awaited) {
      if (!awaited.form.test(word)) return `option "${awaited.option} ${word}"`;
      awaited = undefined;
    } else if (!words?.test(word)) {
      if (/^-./.test(word)) {
        const at = [...word].findIndex((letter, i) => i > 0 && !letters.includes(letter));
        if (at === -1) continue;
        const letter = word[at] ?? "";
        const form = Object.hasOwn(values, letter) ? values[letter] : undefined;
        const value = word.slice(at + 1);
        if (!form) return `option "${word}"`;
        if (value === "") awaited = { option: word, form };
        else if (!form.test(value)) return `option "${word}"`;
      } else if (!file?.test(word)) return `word "${word}"`;
    }
  }
  return awaited && `option "${awaited.option}"`;
}
