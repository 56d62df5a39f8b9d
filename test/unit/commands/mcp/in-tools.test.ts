import { expect, test } from "bun:test";
import { inTools } from "../../../../src/commands/mcp/in-tools.ts";

test.each([
  ["Wait for it with pane-wait.", "Wait for it with wait."],
  ["use pane-run --marker.", "use run with marker."],
  ["end it with: claude-tmux bridge session-kill dev", "end it with: end dev"],
  ["Look with pane-capture; Ctrl-C cancels it.", "Look with read; Ctrl-C cancels it."],
  ["See why with agent-status --explain.", "See why with agent."],
  ["Wait until it has nothing to do: agent-wait, or --queue.", "Wait until it has nothing to do: agent."],
  ["A prompt would end that: try again later, or give --queue.", "A prompt would end that: try again later."],
  ["Send it or clear it, or wait with --queue.", "Send it or clear it."],
  ["Type with pane-send-stdin --enter.", "Type with send with enter."],
  ["Give it more time with --timeout.", "Give it more time with timeout."],
  [
    "Give a text; with --file it is read from a file, with - from stdin; --enter by itself presses Enter.",
    "Give a text; enter by itself presses Enter.",
  ],
  [
    "End a pane first, or make the session larger (session-create --size)",
    "End a pane first, or make the session larger (create)",
  ],
  ["Give another name with --as.", undefined],
  ["Call it from another session, or give another name with --as.", "Call it from another session."],
  ["The server has to be started with --allow-answers.", "The server has to be started with --allow-answers."],
  ["pane-exec-timeout waits for its end", "pane-exec-timeout waits for its end"],
])("%p names tools: %p", (text, expected) => {
  expect(inTools(text)).toBe(expected);
});
