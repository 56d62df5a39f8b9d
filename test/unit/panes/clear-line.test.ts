import { expect, test } from "bun:test";
import { isFreeFrom } from "../../../src/panes/clear-line.ts";

test.each<[row: string, column: number, isFree: boolean]>([
  ["$ ", 2, true],
  ["$ sleep", 7, true],
  ["$ sleep 7", 8, false],
  ["$ x; touch", 4, false],
  [`$ ${"right".padStart(18)}`, 2, true],
  [`$ ${"right".padStart(17)}`, 2, true],
  [`$ ${"right".padStart(16)}`, 2, false],
  [`$ ${"x".padEnd(13)}right`, 2, false],
  ["$ 名前 x", 6, false],
  ["$ 名前", 6, true],
])("of %p, in 20 columns, nothing is left from column %p on: %p", (row, column, isFree) => {
  expect(isFreeFrom(row, column, 20)).toBe(isFree);
});
