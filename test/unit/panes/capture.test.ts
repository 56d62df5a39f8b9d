import { expect, test } from "bun:test";
import { trimLines } from "../../../src/panes/capture.ts";

test("a capture loses the blanks at the ends of lines and the empty lines at its end", () => {
  expect(trimLines("a  \n\n  b\t\n\n   \n")).toEqual(["a", "", "  b"]);
  expect(trimLines("\n\n")).toEqual([]);
});
