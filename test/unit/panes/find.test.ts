import { expect, test } from "bun:test";
import { compilePattern } from "../../../src/matching/pattern.ts";
import { compileMatcher } from "../../../src/panes/find.ts";

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
  "(?i)ABC",
  "(ab)*c",
])("%p means what it means in RE2", async (pattern) => {
  const matcherFor = await compileMatcher(pattern);
  const find = compilePattern(pattern);
  const expected = LINES.map((line) => find(line) !== undefined);
  expect(LINES.map(await matcherFor(LINES))).toEqual(expected);
  expect(LINES.map(await matcherFor())).toEqual(expected);
});

test.each(["(", "[", "a**", "*", "+", "[b-a]", ""])("%p is refused", async (pattern) => {
  expect(compileMatcher(pattern)).rejects.toMatchObject({ code: "ERR_INVALID_PATTERN" });
});

test("no pattern takes for ever, however long the lines are", async () => {
  const lines = [`${"a".repeat(300_000)}!`, `${"a1".repeat(150_000)}!`, `${"a".repeat(300_000)}`];
  for (const pattern of ["(a+)+$b", "a*b", "a+x", "[a-z]+x", "a[a-z0-9]*0", "[a-z]a*[0-9]x", "a.*x", "a[a-z]+x$"]) {
    const matches = await (await compileMatcher(pattern))(lines);
    const started = performance.now();
    for (const line of lines) expect(matches(line)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000); // of any that takes quadratic time it would be minutes
  }
});
