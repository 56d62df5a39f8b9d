import { expect, test } from "bun:test";
import { inTools } from "../../../../src/commands/mcp/in-tools.ts";

test.each([
  ["Wait for it with pane-wait.", "Wait for it with wait."],
  ["use pane-run --marker.", "use run with marker."],
  ["end it with: claude-tmux bridge session-kill dev", "end it with: end dev"],
  ["Look with pane-capture; Ctrl-C cancels it.", "Look with read; Ctrl-C cancels it."],
  ["pane-exec-timeout waits for its end", "pane-exec-timeout waits for its end"],
])("%p names tools: %p", (text, expected) => {
  expect(inTools(text)).toBe(expected);
});
