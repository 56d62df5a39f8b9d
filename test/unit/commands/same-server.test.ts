import { expect, test } from "bun:test";
import { forSameServer } from "../../../src/commands/same-server.ts";
import { TABLE } from "../../../src/commands/table.ts";

test.each([
  [
    "Start one with: claude-tmux bridge session-create <name>",
    "Start one with: claude-tmux -L work bridge session-create <name>",
  ],
  ["this is 3.2.0: claude-tmux daemon restart.", "this is 3.2.0: claude-tmux -L work daemon restart."],
  [
    "claude-tmux daemon logs; then: claude-tmux doctor",
    "claude-tmux -L work daemon logs; then: claude-tmux -L work doctor",
  ],
  ["Did you mean: claude-tmux pane-run", "Did you mean: claude-tmux -L work pane-run"],
  ["tmux select-pane -e -t %5 switches it on.", "tmux -L work select-pane -e -t %5 switches it on."],
  ["sessions that claude-tmux made", "sessions that claude-tmux made"],
  ["claude-tmux daemonic", "claude-tmux daemonic"],
])("%p works on the server that was named", (text, expected) => {
  expect(forSameServer(text, { socketName: "work" }, TABLE)).toBe(expected);
  expect(forSameServer(text, {}, TABLE)).toBe(text);
});

test("its name or path is one word for a shell", () => {
  const of = (options: object) => forSameServer("claude-tmux doctor", options, TABLE);
  expect(of({ socketName: "a b" })).toBe("claude-tmux -L 'a b' doctor");
  expect(of({ socketPath: "/tmp/$x/s" })).toBe("claude-tmux -S '/tmp/$x/s' doctor");
});
