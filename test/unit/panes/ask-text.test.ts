import { describe, expect, test } from "bun:test";
import { answerLines, beforeColumn } from "../../../src/panes/ask-text.ts";

test.each([
  ["name? ", 6, "name? "],
  ["name?", 6, "name? "],
  ["", 0, ""],
  ["abc", 2, "ab"],
  ["日本 x", 5, "日本 "],
  ["e\u0301a", 1, "e\u0301"],
])("of the row %p, %p columns are %p", (row, column, expected) => {
  expect(beforeColumn(row, column)).toBe(expected);
});

describe("the lines of an answer", () => {
  const lines = ["42"];
  test("are all but the one with the echo", () => {
    expect(answerLines({ first: ">>> 6*7", lines }, ">>> ", { typed: ["6*7"], way: "shown" })).toEqual(lines);
  });

  test("are none of the rows of a long line that is drawn row by row", () => {
    const shown = { first: "> echo aaaa", lines: ["aaaa | wc", "-c", "101"] };
    expect(answerLines(shown, "> ", { typed: ["echo aaaaaaaa | wc -c"], way: "shown" })).toEqual(["101"]);
    expect(
      answerLines({ ...shown, first: "> echo b" }, "> ", { typed: ["echo aaaaaaaa | wc -c"], way: "shown" }),
    ).toHaveLength(3);
  });

  test("are also what goes on behind a line that is not shown", () => {
    const echo = { typed: ["x"], way: "hidden" } as const;
    expect(answerLines({ first: "password: ", lines }, "password: ", echo)).toEqual(lines);
    expect(answerLines({ first: "password: welcome", lines }, "password: ", echo)).toEqual(["welcome", "42"]);
  });

  test("are all that a command wrote", () => {
    expect(answerLines({ first: "a", lines }, "", { typed: [], way: "none" })).toEqual(["a", "42"]);
  });

  test("are none of several that were typed, unless a program wrote them", () => {
    const asked = (typed: string[], found: string[]) =>
      answerLines({ first: "", lines: found }, ">>> ", { typed, way: "shown" });
    expect(asked(["for i in (1, 2):", "  print(i)", ""], ["...   print(i)", "... ", "1", "2"])).toEqual([
      "... ",
      "1",
      "2",
    ]);
    expect(asked(["print(15)", "5"], ["15", ">>> 5", "5"])).toEqual(["15", "5"]);
    expect(asked(['echo "run ls"', "ls"], ["run ls", "$ ls", "file"])).toEqual(["run ls", "file"]);
  });
});
