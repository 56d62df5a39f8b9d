import { expect, test } from "bun:test";
import { patternMatch } from "../../../src/subscriptions/pattern-match.ts";
import { type Fired, interestOf, row } from "./rows.ts";

test("a pattern is stored as it is, unless it is none", () => {
  expect(patternMatch.read?.({ pattern: "a|b" }, 0)).toEqual({ pattern: "a|b" });
  for (const pattern of ["", "(", "a(?=b)"]) {
    expect(() => patternMatch.read?.({ pattern }, 0)).toThrow(expect.objectContaining({ code: "ERR_INVALID_PATTERN" }));
  }
});

test("a line is told with the pattern and what of it matched; how far that is, is asked when it is written", () => {
  const fired: Fired[] = [];
  const { lines, listen } = interestOf(row("pattern-match", { pattern: "o+", progress: "far" }), {
    fired: (one) => fired.push(one),
  });
  expect([lines?.pattern, lines?.progress, listen]).toEqual(["o+", "far", undefined]);
  const sighting = { row: 3, line: "foo", match: { start: 1, text: "oo" }, isGrowing: false };
  lines?.matched(sighting, () => "further");
  expect(fired).toEqual([
    { message: "foo", about: { pattern: "o+" }, details: { line: "foo", match: "oo" }, progress: "further" },
  ]);
});
