import { expect, test } from "bun:test";
import { compilePattern } from "../../../src/matching/pattern.ts";
import { compileMatcher } from "../../../src/panes/find.ts";
import { RANDOM_SEED, random } from "../../helpers/random.ts";

const ATOMS = ["a", "b", "c", "é", "𝒳", "1", ".", "[ab]", "[^a]", "[a-c]", "[^1b]"];
const LINES = ["", "abc", "a+b", "listening on 80", "x-1", "aaab", "Ünïcode 日本", "[a]", "a.b", "error: 42 (x)"];

test.each([
  "abc",
  "a",
  "[0-9]+",
  "^a",
  "b$",
  "a.c",
  "on [0-9]*",
  "[^a-z]+$",
  "日",
  "a+b",
  "a\\+b",
  "(a|x)",
  "[[:digit:]]",
  "a{3}",
  "e.*x",
  "\\bon\\b",
])("%p means what it means in RE2", async (pattern) => {
  const matches = await compileMatcher(pattern);
  const find = compilePattern(pattern);
  expect(LINES.map(matches)).toEqual(LINES.map((line) => find(line) !== undefined));
});

test.each(["(", "[", "a**", "*", "+", "[b-a]", ""])("%p is refused", async (pattern) => {
  expect(compileMatcher(pattern)).rejects.toMatchObject({ code: "ERR_INVALID_PATTERN" });
});

test("no pattern takes for ever", async () => {
  const lines = [`${"a".repeat(300_000)}!`, `${"a1".repeat(150_000)}!`, `${"a".repeat(300_000)}`];
  const patterns = [
    "(a+)+$b",
    "a*b",
    "a+x",
    "[a-z]+x",
    "a[a-z]*@",
    "a[a-z0-9]*0",
    "[a-z]a*[0-9]x",
    "a.*x",
    "a[a-z]+x$",
  ];
  for (const pattern of patterns) {
    const matches = await compileMatcher(pattern);
    const started = performance.now();
    for (const line of lines) expect(matches(line)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000); // of any that takes quadratic time it would be minutes
  }
});

test("a long line matches as in RE2", async () => {
  const next = random(RANDOM_SEED);
  const pick = (letters: string[]) => letters[Math.floor(next() * letters.length)] ?? "";
  for (let i = 0; i < 300; i++) {
    const some = (max: number) => Array.from({ length: Math.floor(next() * max) }, () => pick(ATOMS)).join("");
    const pattern = `${pick(["", "", "", "^"])}${some(3)}${pick(ATOMS)}${pick(["*", "+"])}${some(3)}${pick(["", "", "$"])}`;
    const [matches, find] = [await compileMatcher(pattern), compilePattern(pattern)];
    const letters = pick(["a", "ab", "abé", "ab𝒳", "abc𝒳é1"]);
    for (let j = 0; j < 5; j++) {
      const end = Array.from({ length: Math.floor(next() * 8) }, () => pick([..."abc𝒳é1"])).join("");
      const line = Array.from({ length: 2000 }, () => pick([...letters])).join("") + end;
      if (matches(line) !== (find(line) !== undefined)) throw new Error(`SEED=${RANDOM_SEED}: ${pattern} on ${line}`);
    }
  }
});
