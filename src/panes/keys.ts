import { AppError } from "../lib/errors.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";

// Which bytes a key is depends on the program for some keys (the arrows, F1 to F12, the keypad): those are pressed by tmux,
// by name. All others have one meaning that every terminal and every program has always known, and are sent as just these
// bytes: what tmux makes of their names is not the same in all versions, nor where it has extended keys (there `C-m` is not
// Enter for a program that asked for them, and `C-c` not the byte that interrupts).

/** What is pressed: bytes, or a key that tmux knows by that name. */
export type KeyPress = { bytes: readonly number[] } | { name: string };

/** Keys of one byte. */
const BYTES: Readonly<Record<string, number>> = { Enter: 0x0d, Escape: 0x1b, Tab: 0x09, Space: 0x20, BSpace: 0x7f };
/** Shift and Tab, which is a key of its own (terminfo(5), kcbt). */
const BACK_TAB = [0x1b, 0x5b, 0x5a];
/** Keys whose bytes depend on the program; with Ctrl, Shift and Meta as well. */
const MOVES = "Up Down Left Right Home End IC DC PPage NPage F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12".split(" ");
/** The same, by themselves. */
const KEYPAD = "KP0 KP1 KP2 KP3 KP4 KP5 KP6 KP7 KP8 KP9 KP. KP+ KP- KP* KP/ KPEnter".split(" ");
/** Other names that tmux has for them, or that people use. */
const ALIASES: Readonly<Record<string, string>> = {
  Return: "Enter",
  Esc: "Escape",
  Backspace: "BSpace",
  Insert: "IC",
  Delete: "DC",
  PageUp: "PPage",
  PgUp: "PPage",
  PageDown: "NPage",
  PgDn: "NPage",
};
/** What Ctrl makes of other keys than letters (xterm and its relatives). */
const CONTROLS: Readonly<Record<string, number>> = {
  "@": 0x00,
  "2": 0x00,
  "[": 0x1b,
  "3": 0x1b,
  "\\": 0x1c,
  "4": 0x1c,
  "]": 0x1d,
  "5": 0x1d,
  "^": 0x1e,
  "6": 0x1e,
  _: 0x1f,
  "/": 0x1f,
  "7": 0x1f,
  "?": 0x7f,
  "8": 0x7f,
};
/** Keys that end a line of a shell. */
const LINE_ENDS = [0x0d, 0x0a];

/** Every name of a key, and the commonest of those with Ctrl, for who completes or looks one up. */
export const KEY_NAMES: readonly string[] = [
  ...Object.keys(BYTES),
  "BTab",
  ...MOVES,
  ...KEYPAD,
  ..."C-c C-d C-z C-l C-u C-a C-e C-k C-r C-w C-\\".split(" "),
];

/** Keys, in order. Throws ERR_INVALID_ARGUMENT for what is no key, or none that every program understands. */
export function parseKeys(names: readonly string[]): KeyPress[] {
  const presses: KeyPress[] = []; // a loop: the first use of map costs a hundredth of a key press
  for (const name of names) presses.push(parseKey(name));
  return presses;
}

/** The commands that press keys in a pane. Pure. */
export function pressing(target: string, presses: readonly KeyPress[]): TmuxCommand[] {
  const commands: TmuxCommand[] = [];
  let last: { isHex: boolean; words: string[] } | undefined;
  for (const press of presses) {
    const isHex = "bytes" in press;
    if (last?.isHex !== isHex) {
      last = { isHex, words: ["send-keys", "-t", target, ...(isHex ? ["-H"] : ["--"])] };
      commands.push(last.words);
    }
    if (isHex) for (const byte of press.bytes) last.words.push(byte.toString(16).padStart(2, "0"));
    else last.words.push(press.name);
  }
  return commands;
}

/** What pressing keys writes into a line, as far as that can be told, and whether it ends one. Pure. */
export function lineOf(presses: readonly KeyPress[]): { text: string; isEnded: boolean } {
  const bytes: number[] = [];
  let isEnded = false;
  for (const press of presses) {
    if ("name" in press) {
      isEnded ||= press.name === "KPEnter";
      continue;
    }
    const [first = 0] = press.bytes;
    isEnded ||= press.bytes.length === 1 && LINE_ENDS.includes(first);
    if (first >= 0x20 && first !== 0x7f) bytes.push(...press.bytes);
  }
  return { text: new TextDecoder().decode(new Uint8Array(bytes)), isEnded };
}

/** Whether keys are such alone as stop what runs, or refuse what it asks: Escape and Ctrl-C. Pure. */
export function stopsAlone(presses: readonly KeyPress[]): boolean {
  return presses.every((press) => "bytes" in press && press.bytes.length === 1 && STOPS.includes(press.bytes[0] ?? 0));
}

const STOPS = [0x1b, 0x03];

function parseKey(name: string): KeyPress {
  // the usual ones, without the regular expressions, which have to be compiled at their first use
  if (Object.hasOwn(BYTES, name)) return { bytes: [BYTES[name] as number] };
  if (MOVES.includes(name)) return { name };
  const { modifiers, base } = split(name);
  const [isControl, isMeta, isShift] = ["C", "M", "S"].map((modifier) => modifiers.includes(modifier));
  const named = keyName(base);
  if (named === "BTab" ? modifiers === "" : named === "Tab" && modifiers === "S") return { bytes: BACK_TAB };
  if (named !== undefined && (MOVES.includes(named) || (KEYPAD.includes(named) && modifiers === ""))) {
    return { name: `${isControl ? "C-" : ""}${isMeta ? "M-" : ""}${isShift ? "S-" : ""}${named}` };
  }
  const bytes = named === undefined ? letter(base) : BYTES[named] === undefined ? undefined : [BYTES[named] as number];
  if (!bytes) throw notAKey(name);
  if (isShift) throw unknownToMost(name, named === undefined ? `Press ${base.toUpperCase()}.` : undefined);
  const pressed = isControl ? control(name, named ?? base) : bytes;
  return { bytes: isMeta ? [0x1b, ...pressed] : pressed };
}

/** The modifiers of a key, in capitals, and what they modify. `^x` is C-x; a `-` or `^` may be the key itself. */
function split(name: string): { modifiers: string; base: string } {
  let modifiers = "";
  let base = name;
  while (/^[CMScms]-./u.test(base)) {
    modifiers += base[0]?.toUpperCase();
    base = base.slice(2);
  }
  if (/^\^./u.test(base)) return { modifiers: `${modifiers}C`, base: base.slice(1) };
  return { modifiers, base };
}

/** The name of a key as tmux has it, whatever its letters' case. */
function keyName(base: string): string | undefined {
  if (base.length < 2) return undefined;
  const isIt = (known: string) => known.toLowerCase() === base.toLowerCase();
  const alias = Object.keys(ALIASES).find(isIt);
  return alias ? ALIASES[alias] : [...Object.keys(BYTES), "BTab", ...MOVES, ...KEYPAD].find(isIt);
}

/** The bytes of a single character that is not a control character. */
function letter(base: string): number[] | undefined {
  const isOne = [...base].length === 1 && !/[\p{Cc}\p{Cs}]/u.test(base);
  return isOne ? [...new TextEncoder().encode(base)] : undefined;
}

function control(name: string, base: string): number[] {
  if (/^[A-Za-z]$/.test(base)) return [base.toUpperCase().charCodeAt(0) - 0x40];
  const byte = base === "Space" ? 0 : CONTROLS[base];
  if (byte === undefined) throw unknownToMost(name, base === "BSpace" ? "Most programs know C-h, or C-w." : undefined);
  return [byte];
}

function notAKey(name: string): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", `"${name}" is no key`, {
    hint: "Keys are single characters, names such as Enter, Escape, Up, F5, C-c and M-x: see pane-send-keys --help. A text is typed by pane-send-stdin.",
  });
}

function unknownToMost(name: string, hint: string | undefined): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", `"${name}" is no key that every program understands`, {
    hint:
      hint ??
      "Only programs that have asked for extended keys tell it from the key alone. Those take its sequence by pane-send-stdin.",
  });
}
