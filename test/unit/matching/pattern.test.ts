import { describe, expect, test } from "bun:test";
import { RE2JS } from "re2js";
import { compilePattern, QUICK_STEPS_MAX } from "../../../src/matching/pattern.ts";
import { compileQuick } from "../../../src/matching/quick-pattern.ts";

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

  const BOTH = [
    ["a+b", "a", "b"],
    [".*x", "a", "x"],
    ["^x+ [0-9]$", "x", " 7"],
    ["(a|aa)(a|aa)(a|aa)(a|aa)x", "a", "x"],
    ["a{1,40}b", "a", "b"],
    ["[A-Za-z0-9+/]{64}=", "z", "="],
    ["é+ done", "é", " done"],
  ] as const;
  test.each(BOTH)(
    "%p means the same in lines for either engine, and takes some 0.1 ms in each",
    (pattern, letter, end) => {
      const lengthMax = compileQuick(pattern, QUICK_STEPS_MAX)?.lengthMax ?? 0;
      expect(lengthMax).toBeWithin(100, 20_001); // shorter lines are JavaScript's, longer ones RE2's
      const find = compilePattern(pattern);
      const regex = RE2JS.compile(pattern);
      const lengths = [...Array.from({ length: 40 }, (_, i) => lengthMax - 20 + i), lengthMax >> 1, lengthMax * 2];
      for (const length of lengths) {
        for (const line of [letter.repeat(length), letter.repeat(length - end.length) + end]) {
          const matcher = regex.matcher(line);
          expect(find(line)).toEqual(
            matcher.find() ? { start: matcher.start(), text: matcher.group() ?? "" } : undefined,
          );
        }
      }
      const quick = compileQuick(pattern, QUICK_STEPS_MAX);
      const line = letter.repeat(lengthMax);
      const started = performance.now();
      for (let i = 0; i < 100; i++) quick?.find(line);
      expect(performance.now() - started).toBeLessThan(100 * 20); // backtracking without a bound takes hours
    },
  );

  test.each([
    `${"(".repeat(1500)}a${")".repeat(1500)}`,
    `${"(".repeat(50)}a${")".repeat(50)}`,
    "a".repeat(1001),
    "\ud800",
  ])("what is longer or deeper than usual is RE2's alone, which may refuse it", (pattern) => {
    expect(compileQuick(pattern)).toBeUndefined();
  });

  test("what RE2 refuses is refused at once, and not when a long line comes", () => {
    const deep = `${"(".repeat(1500)}a${")".repeat(1500)}`;
    expect(() => RE2JS.compile(deep)).toThrow();
    expect(() => compilePattern(deep)).toThrow(expect.objectContaining({ code: "ERR_INVALID_PATTERN" }));
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
