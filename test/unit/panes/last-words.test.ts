import { describe, expect, test } from "bun:test";
import { lineOfRow, linesAfter } from "../../../src/panes/last-words.ts";

describe("last words", () => {
  test.each([
    [["$ x", "a", "b", "c"], ["a", "b"], 1, ["c"]],
    [["$ x", "a", "b"], [], 1, ["a", "b"]],
    [["y", "y", "y"], ["y"], 0, ["y", "y"]],
    [["moved", "$ x", "a", "b", "c"], ["a", "b"], 1, ["c"]],
    [["a", "b", "c"], ["a", "b"], undefined, ["c"]],
    [["c", "d"], ["a", "b"], undefined, []],
    [["c", "d"], ["a", "b"], 0, []],
  ])("of %p, after %p from %p on: %p", (shown, heard, start, left) => {
    expect(linesAfter(shown, heard, start)).toEqual(left);
  });

  test("a row is found among joined lines", () => {
    const rows = ["$ long", "aaaa", "bb", "", "c"];
    expect([0, 1, 2, 3, 4].map((row) => lineOfRow(rows, ["$ long", "aaaabb", "", "c"], row))).toEqual([0, 1, 1, 2, 3]);
  });
});
