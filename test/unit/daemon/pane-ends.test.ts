import { expect, test } from "bun:test";
import { isReminderDue } from "../../../src/daemon/pane-ends.ts";

test("tmux is reminded of a death not at once, and ever more seldom", () => {
  const due = Array.from({ length: 40 }, (_, looks) => looks).filter(isReminderDue);
  expect(due).toEqual([2, 4, 8, 16, 32]);
});
