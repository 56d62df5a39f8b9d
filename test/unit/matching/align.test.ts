import { expect, test } from "bun:test";
import { align } from "../../../src/matching/align.ts";

/** The end of `trail` in `lines`, each letter a line. */
const end = (trail: string, lines: string, isWhole = false) => {
  const keys = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  return align(keys(trail), keys(lines), { isWhole, isAll: true }).end;
};

test.each<[string, string, string, number]>([
  ["all of it", "abc", "abc", 2],
  ["with more before and after", "abc", "xxabcyy", 4],
  ["whose beginning is gone", "abcdef", "defx", 2],
  ["whose end was erased", "abcdef", "abcxyz", 2],
  ["with a line replaced", "abcdef", "abcXefg", 5],
  ["with a line put between", "abcdef", "abcXdefg", 6],
  ["with a line erased", "abcdef", "abcefg", 4],
  ["that stands there twice: where more of it does", "pqabc", "pqabcxxxabc", 4],
  ["that stands there twice: the last", "abc", "abcxxxabc", 8],
  ["one line of it far below, by chance", "abcdef", "abcd0123456789012345f", 3],
  ["with lines that are alike between others", "abc1-2-3-", "abc7-8-9-", 2],
  ["not there", "abc", "xyz", -1],
  ["one line of many, by chance", "abc", "xyzc", -1],
  ["only line of it", "c", "xyzc", 3],
  ["of which the last lines are left, below which others were written again", "pqrstuvwabc", "abcpqrstuvwxy", 2],
  ["whose last line stands at the beginning as well", "abcpqrstuvwabc", "abcpqrstuvwabxy", 12],
  ["nothing", "", "xyz", -1],
])("%s", (_, trail, lines, expected) => {
  expect(end(trail, lines)).toBe(expected);
});

test("where nothing came before what is remembered, it is the first that fits", () => {
  expect(end("abc", "abcxxxabc", true)).toBe(2);
});

test("where nothing came before what is remembered, it does not stand far below: it was erased, and written again", () => {
  expect(end("abcdefg", "0123456789abcdxy", true)).toBe(-1);
  expect(end("abcdefg", "01abcdxy", true)).toBe(5);
  expect(end("abcdefg", "0123456789abcdxy")).toBe(13);
});

test("what is left of it stands at the beginning of all that there is, or where rows say", () => {
  const keys = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  const from = (options: { isAll: boolean; distance?: (index: number) => number }) =>
    align(keys("pqrstuvwabc"), keys("abcpqrstuvwxy"), { isWhole: false, ...options }).end;
  const near = (row: number) => (index: number) => Math.abs(index - row);
  expect(from({ isAll: true })).toBe(2);
  expect(from({ isAll: false })).toBe(10);
  expect(from({ isAll: true, distance: near(11) })).toBe(10);
  expect(from({ isAll: true, distance: near(1000) })).toBe(2);
});

test("of places that fit about equally well, it is the nearest to where it is expected", () => {
  const keys = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  const near = (row: number) => {
    const distance = (index: number) => Math.abs(index - row);
    return align(keys("abcdefg"), keys("abcdefgxxxxabcdeyyyyzz"), { isWhole: false, isAll: true, distance }).end;
  };
  expect([6, 7, 14, 15, 16, 30].map(near)).toEqual([6, 6, 15, 15, 15, 15]);
});

test("50,000 lines take no time to speak of", () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => i % 1000);
  const started = performance.now();
  expect(align(lines.slice(-48), lines, { isWhole: false, isAll: true }).end).toBe(49_999);
  expect(performance.now() - started).toBeLessThan(1000);
});

test("and where each is as near as the other, it is where more of it stands", () => {
  const keys = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  // the rest of a line that was broken in two, of which the rows were counted as two all the same
  const distance = (index: number) => Math.abs(index - 15);
  const trail = keys("abcdefghijklmnop");
  expect(align(trail, keys("abcdefghi_jklmnop"), { isWhole: true, isAll: true, distance }).end).toBe(16);
});

test("where a line was broken in two, what comes after it is found all the same", () => {
  const keys = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  const rows = [0, 1, 5, 7, 11, 12, 14, 18];
  const distance = (index: number) => Math.abs((rows[index] ?? 0) - 13);
  expect(align(keys("$uzvzw"), keys("$uzvzzwz"), { isWhole: true, isAll: true, distance }).end).toBe(6);
});

test("what was written twice, and cleared but for the first third, stands where it is expected", () => {
  const seq = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const lines = [...seq(1, 296), 9001, ...seq(1, 145), 9002, 9003];
  const distance = (index: number) => Math.abs(index - (296 + 1 + 177));
  const { end } = align(seq(131, 177), lines, { isWhole: false, isAll: true, distance });
  expect(lines.slice(end, end + 2)).toEqual([145, 9002]);
});
