// What tmux prints of environments and options, in the syntax in which it reads them again.

/**
 * Reads what `show-environment -s` prints: `NAME="value"; export NAME;`, or `unset NAME;` for a variable that is taken away
 * (null). Pure.
 */
export function parseEnvironment(text: string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  const SET = /([^\n=]+)="((?:[^"\\]|\\[\s\S])*)"; export \1;\n|unset ([^\n;]+);\n/y;
  for (let match = SET.exec(text); match; match = SET.exec(text)) {
    const [, name, value = "", unset] = match;
    if (unset !== undefined) found.set(unset, null);
    else if (name !== undefined) found.set(name, value.replace(/\\([\s\S])/g, "$1"));
  }
  return found;
}

/**
 * Reads what `show-options` prints: a name and its value on each line, the value quoted where that is needed. One that is no
 * single word in tmux's syntax, which tmux does not print, is left out. Pure.
 */
export function parseOptions(text: string): Record<string, string> {
  const options: Record<string, string> = {};
  for (let at = 0; at < text.length; ) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const blank = line.indexOf(" ");
    const name = blank === -1 ? line : line.slice(0, blank);
    const value = blank === -1 ? "" : unquoted(line.slice(blank + 1));
    // of an option that is inherited (`status*`), it has no value of its own
    if (name !== "" && !name.endsWith("*") && value !== undefined) options[name] = value;
    at = end + 1;
  }
  return options;
}

/** What a word in tmux's syntax stands for (tmux(1), PARSING SYNTAX); undefined for anything but one word. Pure. */
export function unquoted(word: string): string | undefined {
  let text = "";
  let isQuoted = false;
  for (let at = 0; at < word.length; at++) {
    const letter = word[at] as string;
    if (letter === "'" && !isQuoted) {
      const end = word.indexOf("'", at + 1);
      if (end === -1) return undefined;
      text += word.slice(at + 1, end);
      at = end;
    } else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === "\\") {
      const read = readEscape(word, at + 1);
      text += read.text;
      at = read.end - 1;
    } else if (letter === "$" || (!isQuoted && (/[\s;{}]/.test(letter) || (at === 0 && /[~#]/.test(letter)))))
      return undefined;
    else text += letter;
  }
  return isQuoted ? undefined : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  s: " ",
  v: "\v",
  r: "\r",
  n: "\n",
  t: "\t",
};

/** What stands behind a backslash, and where it ends. */
function readEscape(word: string, at: number): { text: string; end: number } {
  const octal = /^[0-3][0-7]{2}/.exec(word.slice(at, at + 3))?.[0];
  if (octal) return { text: String.fromCharCode(Number.parseInt(octal, 8)), end: at + 3 };
  const [unicode, digits] = /^(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(word.slice(at, at + 9))?.slice(0, 2) ?? [];
  if (unicode)
    return { text: String.fromCodePoint(Number.parseInt(digits ?? unicode.slice(1), 16)), end: at + unicode.length };
  const letter = word[at] ?? "";
  return { text: Object.hasOwn(ESCAPES, letter) ? (ESCAPES[letter] as string) : letter, end: at + 1 };
}

/** Where a line ends: a newline within quotes is none. */
function endOfLine(text: string, from: number): number {
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (quote === "'") {
      if (letter === "'") quote = "";
    } else if (letter === "\\") at++;
    else if (quote === '"') {
      if (letter === '"') quote = "";
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === "\n") return at;
  }
  return text.length;
}
