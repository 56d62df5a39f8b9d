// RE2 takes 6 ms to load, and compiles slowly when its code is cold: as long as all else that a short command does. So a
// pattern that means the same to JavaScript's engine is left to that, for lines so short that even a pattern at which it
// goes back and forth is done in milliseconds. Written without regular expressions, which have to be compiled themselves.

/** Finds the first match in a line: where it is, or undefined. */
export type Pattern = (line: string) => { start: number; text: string } | undefined;
/** Whether a line matches. */
export type Matcher = (line: string) => boolean;

/** A pattern as JavaScript's engine takes it. */
export interface QuickPattern {
  matches: Matcher;
  /** the first match, as RE2 has it */
  find: Pattern;
  /** for lines of up to so many characters */
  lengthMax: number;
}

/** So many steps, some 10 ms, may a line take. */
const STEPS_MAX = 2e6;
/** A pattern that is for shorter lines alone is not worth it. */
const LENGTH_MIN = 100;
const REPEAT_MAX = 100;
/** RE2 has bounds of its own; what is longer, or has groups deeper in one another, is left to it. */
const SOURCE_MAX = 1000;
const DEPTH_MAX = 20;
/** So many letters of a pattern, one after the other, are not counted: seldom more than the first of them are looked at. */
const LETTERS_FREE = 32;

/**
 * Compiles a pattern that is plain text, or one of the usual ones; undefined for any other, and for what is not valid. Pure.
 * @param stepsMax so many steps, of some 5 ns, may a line take
 */
export function compileQuick(pattern: string, stepsMax = STEPS_MAX): QuickPattern | undefined {
  if (pattern.length > SOURCE_MAX || !pattern.isWellFormed()) return undefined;
  if (isPlain(pattern)) return { ...plain(pattern), lengthMax: Number.POSITIVE_INFINITY };
  const parser = new Parser(pattern);
  const source = parser.parse();
  if (source === undefined) return undefined;
  const lengthMax = parser.lengthMax(stepsMax);
  const regex = lengthMax < LENGTH_MIN ? undefined : toRegExp(source);
  if (!regex) return undefined;
  const find = (line: string) => {
    const match = regex.exec(line);
    return match ? { start: match.index, text: match[0] } : undefined;
  };
  return { matches: (line) => regex.test(line), find, lengthMax };
}

function plain(text: string): Pick<QuickPattern, "matches" | "find"> {
  const find = (line: string) => {
    const start = line.indexOf(text);
    return start < 0 ? undefined : { start, text };
  };
  return { matches: (line) => line.includes(text), find };
}

const METACHARACTERS = "\\^$.|?*+()[]{}";

function isPlain(pattern: string): boolean {
  for (const letter of pattern) if (METACHARACTERS.includes(letter)) return false;
  return pattern !== "";
}

function toRegExp(source: string): RegExp | undefined {
  try {
    return new RegExp(source, "u");
  } catch {
    return undefined; // RE2 will say what is wrong with it
  }
}

/** What the classes with a name hold, inside brackets (github.com/google/re2/wiki/Syntax). */
const CLASSES: Record<string, string> = {
  d: "0-9",
  w: "0-9A-Za-z_",
  s: "\\t\\n\\f\\r ",
};
const POSIX: Record<string, string> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  blank: "\\t ",
  digit: "0-9",
  lower: "a-z",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};
const CONTROLS: Record<string, string> = { t: "\\t", n: "\\n", r: "\\r", f: "\\f", v: "\\v" };
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
/** What has a meaning in JavaScript, without brackets and within. */
const SYNTAX = "^$\\.*+?()[]{}|/";
const SYNTAX_IN_BRACKETS = `${SYNTAX}-`;

/**
 * Reads what RE2 and JavaScript agree on, and writes it for JavaScript: letters, classes, groups, alternatives, and one
 * character repeated. What is in a group is repeated once at most: a repetition in a repetition has no bound.
 */
class Parser {
  private at = 0;
  /** how often something is repeated without a bound, and how many ways there are through all else */
  private repeats = 0;
  private ways = 1;
  /** how many letters there are in it, each as often as it is repeated at most */
  private width = 0;
  /** how many groups are open */
  private depth = 0;
  private readonly letters: string[];

  constructor(pattern: string) {
    this.letters = [...pattern];
  }

  /** Undefined for what it does not read. */
  parse(): string | undefined {
    const source = this.alternatives();
    return this.at === this.letters.length ? source : undefined;
  }

  /** How long a line may be: each repetition may go through all of it, from each place where a match may begin. */
  lengthMax(stepsMax: number): number {
    const exponent = this.repeats + 1;
    let steps = stepsMax / (this.ways * Math.max(1, this.width / LETTERS_FREE));
    for (let i = 2; i <= exponent; i++) steps *= i; // one begins where the one before it ends
    return Math.floor(steps ** (1 / exponent));
  }

  private get next(): string | undefined {
    return this.letters[this.at];
  }

  private take(letter: string): boolean {
    if (this.next !== letter) return false;
    this.at++;
    return true;
  }

  private alternatives(): string | undefined {
    const { repeats, ways } = this;
    let [most, all] = [0, 0];
    let source = "";
    do {
      [this.repeats, this.ways] = [0, 1];
      const one = this.sequence();
      if (one === undefined) return undefined;
      source += source === "" ? one : `|${one}`;
      if (this.repeats > most) most = this.repeats;
      all += this.ways;
    } while (this.take("|"));
    [this.repeats, this.ways] = [repeats + most, ways * all];
    return source;
  }

  private sequence(): string | undefined {
    let source = "";
    for (let letter = this.next; letter !== undefined && letter !== "|" && letter !== ")"; letter = this.next) {
      this.at++;
      const part = letter === "(" ? this.group() : letter === "^" || letter === "$" ? letter : this.character(letter);
      if (part === undefined) return undefined;
      const repeated = this.repeat(part, letter);
      if (repeated === undefined) return undefined;
      source += repeated;
    }
    return source === "" ? undefined : source;
  }

  /** A group, of which nothing is remembered. */
  private group(): string | undefined {
    if (++this.depth > DEPTH_MAX || (this.take("?") && !this.take(":"))) return undefined;
    const source = this.alternatives();
    this.depth--;
    return source && this.take(")") ? `(?:${source})` : undefined;
  }

  private character(letter: string): string | undefined {
    if (letter === "[") return this.brackets();
    if (letter === ".") return "[^\\n]";
    if (letter === "\\") return this.escape();
    return METACHARACTERS.includes(letter) ? undefined : literal(letter, SYNTAX);
  }

  private escape(): string | undefined {
    const letter = this.letters[this.at++] ?? "";
    if (letter === "b") return "\\b";
    const lower = letter.toLowerCase();
    if (Object.hasOwn(CLASSES, lower)) return `[${letter === lower ? "" : "^"}${CLASSES[lower]}]`;
    return escaped(letter, SYNTAX);
  }

  private brackets(): string | undefined {
    let source = this.take("^") ? "[^" : "[";
    const begin = this.at;
    for (;;) {
      const letter = this.letters[this.at++];
      if (letter === undefined) return undefined;
      if (letter === "]" && this.at - 1 > begin) return `${source}]`;
      if (letter === "[") {
        const name = this.posixName();
        if (name === undefined || this.isRange) return undefined;
        source += name;
      } else if (letter === "\\") {
        const part = this.classEscape();
        if (part === undefined || this.isRange) return undefined;
        source += part;
      } else if (this.isRange) {
        const last = this.letters[this.at + 1] ?? "";
        this.at += 2;
        // others are seldom meant
        if (!isAlphanumeric(letter) || !isAlphanumeric(last) || letter > last) return undefined;
        source += `${letter}-${last}`;
      } else source += literal(letter, SYNTAX_IN_BRACKETS);
    }
  }

  private get isRange(): boolean {
    return this.next === "-" && this.letters[this.at + 1] !== "]";
  }

  /** After "[": `:digit:]` and its like. */
  private posixName(): string | undefined {
    if (!this.take(":")) return undefined;
    let name = "";
    while (this.next !== undefined && this.next !== ":") name += this.letters[this.at++];
    if (!this.take(":") || !this.take("]")) return undefined;
    return Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
  }

  private classEscape(): string | undefined {
    const letter = this.letters[this.at++] ?? "";
    return Object.hasOwn(CLASSES, letter) ? CLASSES[letter] : escaped(letter, SYNTAX_IN_BRACKETS);
  }

  /** What follows something that may be repeated. */
  private repeat(part: string, letter: string): string | undefined {
    const begin = this.at;
    const isOptional = this.take("?");
    const isUnbounded = !isOptional && (this.take("*") || this.take("+"));
    const isCounted = !isOptional && !isUnbounded && this.take("{");
    this.width++;
    if (!isOptional && !isUnbounded && !isCounted) return part;
    if (isCounted && !this.count()) return undefined;
    // a group, a place
    if (letter === "^" || letter === "$" || part === "\\b" || (letter === "(" && !isOptional)) return undefined;
    if (isOptional) this.ways *= 2;
    if (isUnbounded) this.repeats++;
    const isLazy = this.take("?");
    if (this.next === "*" || this.next === "+" || this.next === "?" || this.next === "{") return undefined;
    // JavaScript alone does not take an optional group that is empty
    if (letter === "(") return isLazy ? `(?:|${part})` : `(?:${part}|)`;
    return part + this.letters.slice(begin, this.at).join("");
  }

  /** After "{": a number, or two, or one and what is more. */
  private count(): boolean {
    const least = this.number();
    if (least === undefined) return false;
    this.width += least;
    if (this.take("}")) return true;
    if (!this.take(",")) return false;
    if (this.take("}")) {
      this.repeats++;
      return true;
    }
    const most = this.number();
    if (most === undefined || most < least) return false;
    this.width += most - least;
    this.ways *= most - least + 1;
    return this.take("}");
  }

  private number(): number | undefined {
    let digits = "";
    while (this.next !== undefined && this.next >= "0" && this.next <= "9") digits += this.letters[this.at++];
    const number = Number(digits);
    const isOther = digits === "" || digits.length > 3 || (digits.length > 1 && digits[0] === "0"); // to RE2 it is no count
    return isOther || number > REPEAT_MAX ? undefined : number;
  }
}

function literal(letter: string, syntax: string): string {
  return syntax.includes(letter) ? `\\${letter}` : letter;
}

function escaped(letter: string, syntax: string): string | undefined {
  if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter];
  return letter !== "" && PUNCTUATION.includes(letter) ? literal(letter, syntax) : undefined;
}

function isAlphanumeric(letter: string): boolean {
  return (letter >= "0" && letter <= "9") || (letter >= "a" && letter <= "z") || (letter >= "A" && letter <= "Z");
}
