import { expect, test } from "bun:test";
import { planTyping } from "../../../src/panes/exec.ts";

const enter = ["send-keys", "-t", "T", "Enter"];

test("short plain text is typed as keys", () => {
  expect(planTyping("T", "-echo 'hi';").commands).toEqual([["send-keys", "-t", "T", "-l", "--", "-echo 'hi';"], enter]);
});

test.each([["two\nlines"], ["a\ttab"], ["\x1b[A"], ["x".repeat(1001)], ["é".repeat(501)]])(
  "%p goes through a paste buffer",
  (command) => {
    const { prepare, commands, undo, input } = planTyping("T", command);
    expect(input).toBe(command);
    const names = [...prepare, ...commands, ...undo].map(([name]) => name ?? "");
    expect(names).toEqual(["load-buffer", "if-shell", "send-keys", "delete-buffer"]);
  },
);

test("tmux from 3.7 on is told to paste the text as it is", () => {
  const [paste = []] = planTyping("T", "a\x01b\x1bc").commands;
  // not into a dead pane, by which a tmux before 3.4 ends
  expect(paste.slice(0, 5)).toEqual(["if-shell", "-F", "-t", "T", "#{pane_dead}"]);
  const [deleted, pasted] = paste.slice(-2);
  expect(deleted).toMatch(/^'delete-buffer' /);
  expect(pasted).toMatch(/paste-buffer.*-dp\b.*paste-buffer.*-dpS\b/);
});

test("a text that would end its own paste, and go on as keys, is refused", () => {
  for (const text of ["a\x1b[201~\x03rm -rf x", `${"x".repeat(2000)}\x1b[201~`]) {
    expect(() => planTyping("T", text)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARGUMENT" }));
  }
  expect(planTyping("T", "echo '[201~'").input).toBeUndefined();
});

test("nothing is typed for an empty command, but Enter", () => {
  expect(planTyping("T", "")).toEqual({ prepare: [], commands: [enter], undo: [] });
});
