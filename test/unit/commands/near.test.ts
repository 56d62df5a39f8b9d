import { expect, test } from "bun:test";
import { nearest } from "../../../src/commands/near.ts";

const KNOWN = ["pane-run", "pane-list-json", "pane-exec", "-h", "--help", "--once"];

test.each([
  ["pane-rnu", "pane-run"],
  ["pane-runn", "pane-run"],
  ["pane-rn", "pane-run"],
  ["pane-list", "pane-list-json"],
  ["--hlep", "--help"],
  ["--onec", "--once"],
  ["--hidden", undefined],
  ["x", undefined],
  ["-v", undefined],
  ["something", undefined],
])("%p may mean %p", (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});
