/** A seed for a property test: SEED from the environment, else a new one each time. */
export const RANDOM_SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Pseudo-random numbers from 0 up to 1 (mulberry32), the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

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
