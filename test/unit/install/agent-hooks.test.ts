import { expect, test } from "bun:test";
import { hookEvents } from "../../../src/agents/hook-events.ts";
import { agentHooks } from "../../../src/install/agent-hooks.ts";

test.each([
  ["codex", 3],
  ["gemini", 5000],
] as const)("%s calls this program for every event that tells something", (kind, timeout) => {
  const { hooks } = JSON.parse(agentHooks(kind, ["/opt/my tools/claude-tmux"]));
  expect(Object.keys(hooks)).toEqual(hookEvents(kind));
  const command = `'/opt/my tools/claude-tmux' agent-hook ${kind}`;
  for (const event of Object.values(hooks)) expect(event).toEqual([{ hooks: [{ type: "command", command, timeout }] }]);
});
