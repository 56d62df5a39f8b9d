import { expect, test } from "bun:test";
import { statusLine } from "../../../src/top/status.ts";

const NONE = { blocked: 0, failed: 0, dead: 0, done: 0, working: 0 };

test.each([
  [{}, ""],
  [{ blocked: 2 }, "#[fg=yellow]2 blocked#[default]"],
  [{ working: 3, dead: 1 }, "#[fg=red]1 dead#[default] #[fg=cyan]3 working#[default]"],
])("%p is told as %p", (counts, text) => {
  expect(statusLine({ ...NONE, ...counts }, true)).toBe(text);
});

test("without colours, in the same order", () => {
  expect(statusLine({ blocked: 1, failed: 2, dead: 3, done: 4, working: 5 }, false)).toBe(
    "1 blocked 2 failed 3 dead 4 done 5 working",
  );
});
