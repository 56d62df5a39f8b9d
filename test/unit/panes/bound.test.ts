import { expect, test } from "bun:test";
import { boundOutput } from "../../../src/panes/bound.ts";

const none = { lines: undefined, bytes: undefined };

test.each([
  ["all of it", "a\nb\nc", none, { text: "a\nb\nc", lines: 3, isCut: false }],
  ["nothing", "", { lines: 5, bytes: 5 }, { text: "", lines: 0, isCut: false }],
  ["the last lines", "a\nb\nc", { ...none, lines: 2 }, { text: "b\nc", lines: 3, isCut: true }],
  ["as many lines as there are", "a\nb", { ...none, lines: 2 }, { text: "a\nb", lines: 2, isCut: false }],
  ["lines, of which some are blank", "a\n\n\nb", { ...none, lines: 2 }, { text: "\nb", lines: 4, isCut: true }],
  ["lines, of which the last is blank", "a\nb\n", { ...none, lines: 1 }, { text: "", lines: 3, isCut: true }],
  ["blank lines at the end", "a\nb\n\n", { ...none, lines: 3 }, { text: "b\n\n", lines: 4, isCut: true }],
  ["whole lines of the last bytes", "aaaa\nbb\nc", { ...none, bytes: 6 }, { text: "bb\nc", lines: 3, isCut: true }],
  ["bytes that end at a line", "aaaa\nbb\nc", { ...none, bytes: 4 }, { text: "bb\nc", lines: 3, isCut: true }],
  ["the end of a line that is too long", "aaaa", { ...none, bytes: 3 }, { text: "aaa", lines: 1, isCut: true }],
  ["no half character", "xééé", { ...none, bytes: 5 }, { text: "éé", lines: 1, isCut: true }],
  ["both", "aaaa\nbbbb\ncc", { lines: 2, bytes: 4 }, { text: "cc", lines: 3, isCut: true }],
])("%s", (_, output, bounds, expected) => {
  expect(boundOutput(output, bounds)).toEqual(expected);
});
