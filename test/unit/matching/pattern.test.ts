import { describe, expect, test } from "bun:test";
import { compilePattern } from "../../../src/matching/pattern.ts";

describe("compilePattern", () => {
  test.each([
    ["a+b", "xaab", "aab"],
    ["[[:digit:]]{2}", "a12b", "12"],
    ["ok|failed", "failed", "failed"],
    ["(?i)error", "An ERROR", "ERROR"],
    ["--help", "see --help", "--help"],
    ["\\$ $", "user$ ", "$ "],
  ])("%s in %p finds %p", (pattern, line, text) => {
    expect(compilePattern(pattern)(line)?.text).toBe(text);
  });

  test.each(["(", "a**", "[", "", "(?=x)", "\\1"])("%p is refused", (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: "ERR_INVALID_PATTERN" }));
  });

  test("no pattern takes more than linear time", () => {
    const time = (length: number) => {
      const started = performance.now();
      expect(compilePattern("(a+)+$")(`${"a".repeat(length)}b`)).toBeUndefined();
      return performance.now() - started;
    };
    time(1000);
    expect(time(20_000)).toBeLessThan(5000); // a backtracking engine would need longer than the universe has
  });

  test.each(["a+a+b", "(a|aa)(a|aa)(a|aa)(a|aa)x", ".*.*x", "[ab]+[ab]*[ab]?x", ".*a.*b"])(
    "a flood of lines at which %p goes back and forth takes some 0.1 ms a line",
    (pattern) => {
      const find = compilePattern(pattern);
      const lengths = [30, 45, 90, 150, 200, 500, 1000];
      for (const length of lengths) find("a".repeat(length)); // compiled
      const started = performance.now();
      for (let i = 0; i < 20; i++) for (const length of lengths) expect(find("a".repeat(length))).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(1000); // backtracking without a bound takes 100 s
    },
  );

  test("a line says the same of a pattern, be it looked at by one engine or by two", () => {
    const find = compilePattern("^x+ ([0-9]+)$");
    for (const length of [1, 150, 190, 199, 200, 201, 210, 3000]) {
      expect(find(`${"x".repeat(length)} 17`)?.text).toBe(`${"x".repeat(length)} 17`);
      expect(find(`${"x".repeat(length)} 17.`)).toBeUndefined();
    }
  });

  test("a long line is looked at as far as that takes no time to speak of: from its beginning and its end", () => {
    const heavy = compilePattern("(x|xx|xxx|[a-z]{900})+[0-9]");
    const filler = "x".repeat(190_000);
    const started = performance.now();
    expect(heavy(filler)).toBeUndefined();
    expect(heavy(`${filler}x`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2000); // all of it would take 10 s
    expect(heavy(`xx1${filler}`)).toEqual({ start: 0, text: "xx1" });
    expect(heavy(`${filler} x1`)).toEqual({ start: filler.length + 1, text: "x1" });
    const plain = compilePattern("needle [0-9]+");
    expect(plain(`${filler}needle 1${filler}`)).toEqual({ start: filler.length, text: "needle 1" });
  });
});

test.each([
  ["x(?!y)", "no lookahead"],
  ["(?<=x)y", "no lookahead and no lookbehind"],
  ["(a)\\1", "no back-references"],
  ["x{1001}", "1,000 times at most"],
  ["x++", "possessive"],
  ["x{2,1}", "that stands for itself"],
  ["f(", "that stands for itself"],
  ["f)", "that stands for itself"],
  ["[a", "that stands for itself"],
])("%p is refused, and it is said why", (source, hint) => {
  expect(() => compilePattern(source)).toThrow(
    expect.objectContaining({ code: "ERR_INVALID_PATTERN", hint: expect.stringContaining(hint) }),
  );
});
