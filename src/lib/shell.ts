/** A text as one word for a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * The command line that words make for a shell: one word is a command line already, several are quoted, so that they
 * reach the program as they are. Pure.
 */
export function commandText(words: readonly string[]): string {
  const [first = ""] = words;
  return words.length <= 1 ? first : quotedWords(words);
}

/** Words quoted for a shell, so that a program gets them as they are. Pure. */
export function quotedWords(words: readonly string[]): string {
  return words.map(portableWord).join(" ");
}

/** A word as POSIX shells, zsh and fish all read it: in fish, a backslash between quotes means something. */
function portableWord(word: string): string {
  if (/^[A-Za-z0-9_+:,./@-]+$/.test(word)) return word;
  const parts = word.match(/['\\]|[^'\\]+/g) ?? [""];
  return parts.map((part) => (part === "'" || part === "\\" ? `\\${part}` : `'${part}'`)).join("");
}
