export { randomFrom as random } from "../../src/dev/random.ts";

/** A seed for a property test: SEED from the environment, else a new one each time. */
export const RANDOM_SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

// what breaks things: syntax of shells, tmux, JSON, regular expressions, terminals and encodings
const PARTS = [
  ..."abcXYZ019 _-=+/.,:!?@%^&*()[]{}<>|\\~`'\"#$;\t\n",
  ...["é", "日本", "🎉", "e\u0301", "\u200d", "\u00a0", "𝒳", "ß"],
  ...["#{pane_id}", "#S", "#(date)", "$(date)", "${HOME}", "\\n", "\\;", "--", "-n", "null", "%5", "Enter", "C-c"],
];

/** A text of up to `length` pieces, any of which may be hostile. */
export function hostileText(next: () => number, length: number): string {
  const count = 1 + Math.floor(next() * length);
  return Array.from({ length: count }, () => PARTS[Math.floor(next() * PARTS.length)]).join("");
}

/** Eighty strings that have broken programs of this kind. */
export const HOSTILE: string[] = [
  ...["", " ", "  two  blanks  ", "\t", "a\tb", "\n", "a\nb", "\n\na", "a\n\n", "ends in a newline\n"],
  ...[";", "a;", "a;;", "\\;", "a\\;", "a\\", "\\\\", "a;b;", "; rm -rf x", "& echo x"],
  ...["-", "--", "-n", "-l", "--help", "-t x", "-- x", "=x", "%1", "%end 1 2 3"],
  ...["Enter", "Up", "C-c", "M-x", "Space", "BSpace", "Escape", "F1", "^C", "\\x03"],
  ...["#{pane_id}", "#S", "##", "#", "#(touch x)", "#[fg=red]", "#{?x,y,z}", "%H:%M", "%%", "$TMUX"],
  ...["'", '"', "''", "'a'b", `"'`, `'\\''`, "`date`", "$(date)", "${x:-y}", "!!"],
  ...["*", "~", "[a-z]", "(a+)+$", "a|b", "{a,b}", "a > b", "a < b", "2>&1", "# comment"],
  ...["é", "日本語", "🎉👨‍👩‍👧", "e\u0301", "\u202etfel", "\u2028", "null", '{"a":1}', "\u241f\u241e", "ÿ".repeat(300)],
];
