import { expect, test } from "bun:test";
import {
  isBeingCompleted,
  isCutShort,
  isRestoreFolder,
  isUnfinished,
  ownMark,
  type SessionRow,
} from "../../../src/snapshots/unfinished.ts";

// no process has had that pid at that time
const DEAD = "1 1";

const row = (mark: string, attached = "0", lastAttached = ""): SessionRow => ({
  session_id: "$1",
  session_name: "restoring-1",
  session_attached: attached,
  session_last_attached: lastAttached,
  "@claude_tmux_restoring": mark,
  "@claude_tmux_completing": "",
  version: "3.5",
});

test("a session was left when who made it is no more, and nobody has ever looked at it", () => {
  expect(isUnfinished(row(DEAD))).toBe(true);
  expect(isUnfinished(row(DEAD, "0", "0"))).toBe(true);
  expect(isUnfinished(row(ownMark()))).toBe(false);
  expect(isUnfinished(row(DEAD, "1", "1764460800"))).toBe(false);
  expect(isUnfinished(row(DEAD, "0", "1764460800"))).toBe(false);
});

test("of one that is there, what comes last was cut short when who does that is no more", () => {
  const both = (mark: string) => [isBeingCompleted, isCutShort].map((is) => is({ "@claude_tmux_completing": mark }));
  expect([ownMark(), DEAD, "", "x y"].map(both)).toEqual([
    [true, false],
    [false, true],
    [false, false],
    [false, false],
  ]);
});

test.each(["", "1", "1 1 1", "x y", "1 1,}"])("a mark that is not ours says nothing: %p", (mark) => {
  expect(isUnfinished(row(mark))).toBe(false);
});

test("a folder is ours by its whole name", () => {
  expect(["restoring-1-1-abcdef", "restoring-mine", "restoring-1-1-abcdefg"].map(isRestoreFolder)).toEqual([
    true,
    false,
    false,
  ]);
});
