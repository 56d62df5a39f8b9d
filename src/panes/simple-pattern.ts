/** Whether a line matches. */
export type Matcher = (line: string) => boolean;

const METACHARACTERS = "\\^$.|?*+()[]{}";
const WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ -";
const ATOMS = `${WORD}:,/@#%&=!~"'<>;.`;
/** Below this, JavaScript's engine is quick even where it takes time that is quadratic in the length of the line. */
const LONG_LINE = 2000;

/** A pattern of letters, dots and classes, of which one at most is repeated: head, repeated, tail. */
interface Simple {
  isAnchored: boolean;
  head: string;
  /** empty when nothing is repeated: all of it is head */
  repeated: string;
  least: 0 | 1;
  /** with the "$", if there is one */
  tail: string;
}

/**
 * Compiles a pattern that means the same to JavaScript as to RE2, which takes 6 ms to load: plain text, or a simple one.
 * It takes time linear in the length of a line. Undefined for any other, and for what is not valid.
 */
export function compileSimple(pattern: string): Matcher | undefined {
  if (isPlain(pattern)) return (line) => line.includes(pattern);
  const simple = parseSimple(pattern);
  const whole = simple && toRegExp(pattern, "su");
  if (!whole) return undefined;
  if (simple.repeated === "" || simple.isAnchored) return (line) => whole.test(line);
  return (line) => (line.length < LONG_LINE ? whole.test(line) : isInLongLine(line, simple));
}

function isPlain(pattern: string): boolean {
  for (const letter of pattern) if (METACHARACTERS.includes(letter)) return false;
  return pattern !== "";
}

/** Without a regular expression, which would take longer than all the rest. */
function parseSimple(pattern: string): Simple | undefined {
  const isAnchored = pattern.startsWith("^");
  const end = pattern.endsWith("$") ? pattern.length - 1 : pattern.length;
  const simple: Simple = { isAnchored, head: "", repeated: "", least: 0, tail: "" };
  let atom = "";
  let start = isAnchored ? 1 : 0;
  for (let i = start; i < end; i++) {
    const letter = pattern[i] as string;
    if (letter === "+" || letter === "*") {
      if (atom === "" || simple.repeated !== "") return undefined;
      simple.head = pattern.slice(start, i - atom.length);
      simple.repeated = atom;
      simple.least = letter === "+" ? 1 : 0;
      start = i + 1;
      atom = "";
    } else if (letter === "[") {
      const first = pattern[i + 1] === "^" ? i + 2 : i + 1;
      const close = pattern.indexOf("]", first);
      if (close <= first || close >= end) return undefined;
      for (let at = first; at < close; at++) if (!WORD.includes(pattern[at] as string)) return undefined;
      atom = pattern.slice(i, close + 1);
      i = close;
    } else if (ATOMS.includes(letter)) {
      atom = letter;
    } else {
      return undefined;
    }
  }
  simple[simple.repeated === "" ? "head" : "tail"] = pattern.slice(start);
  return pattern === "" ? undefined : simple;
}

/**
 * JavaScript's engine would try each place where the head stands, and from each go through all that is repeated. But of
 * the places within one run of what is repeated the first has all chances that the others have.
 */
function isInLongLine(line: string, { head, repeated, least, tail }: Simple): boolean {
  const heads = new RegExp(head, "gsu"); // valid, as the whole is
  const run = new RegExp(`${repeated}*`, "suy");
  const tails = new RegExp(tail, "gsu");
  const headMax = 2 * head.length; // a character may be two units long
  let tailAt = -1;
  for (let from = 0; ; ) {
    heads.lastIndex = from;
    const found = heads.exec(line);
    if (!found) return false;
    const start = found.index + found[0].length;
    run.lastIndex = start;
    run.test(line);
    const end = run.lastIndex;
    const first = start + (least === 0 ? 0 : widthAt(line, start));
    if (first <= end) {
      if (tailAt < first) {
        tails.lastIndex = first;
        tailAt = tails.exec(line)?.index ?? Number.POSITIVE_INFINITY;
      }
      if (tailAt <= end) return true;
      if (tailAt > line.length) return false;
    }
    from = Math.max(found.index + widthAt(line, found.index), end + 1 - headMax);
    if (isSecondHalf(line, from)) from++;
  }
}

function widthAt(line: string, at: number): number {
  return (line.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function isSecondHalf(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

function toRegExp(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined; // RE2 will say what is wrong with it
  }
}
