import { expect, test } from "bun:test";
import { RE2JS } from "re2js";
import { compilePattern, QUICK_STEPS_MAX } from "../../../src/matching/pattern.ts";
import { compileQuick } from "../../../src/matching/quick-pattern.ts";
import { RANDOM_SEED, random } from "../../helpers/random.ts";

test.each([
  "tests? failed",
  "^(error|warn(ing)?):.*[0-9]{3}$",
  "(error|warn(ing)?):[[:space:]]+[^x]{3,20}[0-9]$",
  "listening on .*:\\d+",
  "[\\w.-]+@[\\w-]+",
  "^\\[[^\\]]+\\] done$",
  "foo.*bar.*baz",
])("%p is one of the usual ones", (pattern) => {
  expect(compileQuick(pattern)?.lengthMax).toBeGreaterThanOrEqual(100);
});

test.each([
  "(a+)+b", // repeated in what is repeated
  "(a|ab)*c",
  "a.*b.*c.*d.*e", // for very short lines alone
  "(?i)error",
  "(?P<name>a)",
  "\\pL",
  "\\Aabc",
  "[[:^alpha:]]",
  "a{1001}",
  "a{01}", // to RE2 it is text
  "a{,3}",
  "x{y",
  "a]",
  "[\\d-x]",
  "(|a)",
  "a**",
  "a{2}{3}",
  "*a",
  "(a",
  "a)",
  "[a",
  "",
])("%p is left to RE2", (pattern) => {
  expect(compileQuick(pattern)).toBeUndefined();
});

const LETTERS = [..."abAB01 _-:.é𝒳日", "\t", "\u2028"];

/** A pattern of what is read, and of some that is not. */
function randomPattern(next: () => number): string {
  const pick = (from: readonly string[]) => from[Math.floor(next() * from.length)] ?? "";
  const some = (max: number, make: () => string) => Array.from({ length: 1 + Math.floor(next() * max) }, make).join("");
  const inBrackets = () =>
    pick([
      "a",
      "b",
      "1",
      "a-z",
      "0-9",
      "A-B",
      "\\d",
      "\\w",
      "\\s",
      "\\]",
      "-",
      ".",
      "[:alpha:]",
      "[:digit:]",
      "é",
      "^",
    ]);
  const brackets = () => `[${pick(["", "", "^"])}${some(3, inBrackets)}]`;
  const escapes = ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\b", "\\.", "\\-", "\\t", "\\+", "\\:"];
  const atom = (depth: number): string => {
    const kind = next();
    if (kind < 0.5) return pick(LETTERS);
    if (kind < 0.6) return ".";
    if (kind < 0.75) return brackets();
    if (kind < 0.88 || depth === 0) return pick(escapes);
    return `(${pick(["", "?:"])}${alternatives(depth - 1)})`;
  };
  const repeat = () => pick(["", "", "", "", "*", "+", "?", "*?", "{2}", "{1,3}", "{2,}"]);
  const sequence = (depth: number) => some(4, () => atom(depth) + repeat());
  const alternatives = (depth: number): string =>
    Array.from({ length: 1 + Math.floor(next() * 2) }, () => sequence(depth)).join("|");
  return `${pick(["", "", "", "^"])}${alternatives(2)}${pick(["", "", "", "$"])}`;
}

test("what it reads means what it means in RE2", () => {
  const next = random(RANDOM_SEED);
  const pick = (from: readonly string[]) => from[Math.floor(next() * from.length)] ?? "";
  let read = 0;
  for (let i = 0; i < 4000; i++) {
    const pattern = randomPattern(next);
    const quick = compileQuick(pattern);
    if (!quick) continue;
    read++;
    const regex = RE2JS.compile(pattern); // what it reads is valid
    const find = compilePattern(pattern); // by either engine
    // the longest line that compilePattern leaves to it, some longer ones are RE2's
    const bound = compileQuick(pattern, QUICK_STEPS_MAX)?.lengthMax ?? 90;
    const letters = pick(["a", "ab", "ab1 ", "abAB01 _-:.é𝒳日\t\u2028"]);
    for (let j = 0; j < 8; j++) {
      const length =
        j === 1 ? Math.min(3000, bound + Math.floor(next() * 8) - 4) : Math.floor(next() * (j === 0 ? 90 : 12));
      const line = Array.from({ length }, () => pick([...letters])).join("");
      const matcher = regex.matcher(line);
      const match = matcher.find() ? { start: matcher.start(), text: matcher.group() } : undefined;
      const isSame = Bun.deepEquals(quick.find(line), match) && Bun.deepEquals(find(line), match);
      if (!isSame || quick.matches(line) !== (match !== undefined)) {
        throw new Error(`SEED=${RANDOM_SEED}: ${JSON.stringify(pattern)} on ${JSON.stringify(line)}`);
      }
    }
  }
  expect(read).toBeGreaterThan(1000);
});

test("no line takes long, however the pattern goes back and forth on it", () => {
  const patterns = [
    "a+b",
    "a+a+b",
    "[ab]+[ab]*[ab]?x",
    "(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)x",
    "a?a?a?a?a?a?a?aaaaaaab",
    "a{1,9}a{1,9}b",
    "(a+|a+a)x",
    ".*.*x",
  ];
  for (const pattern of patterns) {
    const quick = compileQuick(pattern);
    if (!quick) throw new Error(`${pattern} is not read`);
    const line = "a".repeat(Math.min(quick.lengthMax, 100_000));
    quick.matches(line); // compiled
    const started = performance.now();
    expect(quick.matches(line)).toBe(false);
    expect([pattern, performance.now() - started < 250]).toEqual([pattern, true]);
  }
});
