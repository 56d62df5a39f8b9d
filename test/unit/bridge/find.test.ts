import { expect, test } from "bun:test";
import { compileMatcher } from "../../../src/bridge/find.ts";
import { compilePattern } from "../../../src/matching/pattern.ts";

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
  const line = `${"a".repeat(20_000)}!`;
  for (const pattern of ["(a+)+$", "a*b", "a+$", "[a-z]+x"]) expect((await compileMatcher(pattern))(line)).toBe(false);
});
