import { expect, test } from "bun:test";
import { shownRows } from "../../../src/panes/screen-view.ts";

test.each([
  ["a\n\nb  \n\n\n", 0, ["a", "", "b"]],
  ["a\n\n\n\n", 2, ["a", "", ""]],
  ["\n\n", 0, [""]],
])("the rows of %p with the cursor in row %p", (screen, row, expected) => {
  expect(shownRows(screen, row)).toEqual(expected);
});
