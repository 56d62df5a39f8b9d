import { expect, test } from "bun:test";
import { countKinds, type LeftOver, undoLeftOver } from "../../../src/gc/kinds.ts";

test("kinds are counted in words", () => {
  const kinds = ["pipe", "state", "pipe", "process", "process", "event"] as const;
  expect(countKinds(kinds.map((kind) => ({ kind })))).toBe("2 pipes, 1 state, 2 processes, 1 event");
});

test("what can't be undone is not told as undone, and keeps nothing else from it", async () => {
  const done: string[] = [];
  const item = (what: string, undo: () => void): LeftOver => ({ kind: "file", what, why: "", undo });
  const items = [
    item("a", () => void done.push("a")),
    item("b", () => {
      throw new Error("a full disk");
    }),
    item("c", () => void done.push("c")),
  ];
  expect((await undoLeftOver(items)).map(({ what }) => what)).toEqual(["a", "c"]);
  expect(done).toEqual(["a", "c"]);
});
