import { expect, test } from "bun:test";
import { AGENTS, agentIn, agentOf, kindNamed, livingConversation } from "../../../src/agents/table.ts";

const PID = 2 ** 30; // there is none
const agentCalled = (...argv: string[]) => agentOf({ pid: PID, startTime: 1, argv, variable: () => undefined });

test.each<[string, string]>([
  ["claude", "claude"],
  ["/home/u/.local/bin/claude --model opus", "claude"],
  ["/home/u/.local/share/claude/versions/2.1.332 --agent-id a@b", "claude"],
  ["node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js", "claude"],
  ["node /usr/bin/codex", "codex"],
  ["node --no-warnings /usr/lib/node_modules/@google/gemini-cli/bundle/gemini.js", "gemini"],
  ["/x/node_modules/opencode-linux-x64/bin/opencode", "opencode"],
  ["node /x/node_modules/@github/copilot/npm-loader.js", "copilot"],
])("%s is %s", (line, name) => {
  expect(agentCalled(...line.split(" "))).toEqual({
    kind: kindNamed(name) as never,
    process: expect.anything(),
    conversation: undefined,
  });
});

test.each([
  "vim claude",
  "sh -c claude",
  "claude-tmux daemon run",
  "tail -f claude",
  "node /x/cli.js",
  "node /x/npm-loader.js",
  "node -e claude",
  "grep codex x",
  "",
])("%p is none", (line) => {
  expect(agentCalled(...line.split(" "))).toBeUndefined();
});

test("kinds are found by name", () => {
  expect(AGENTS.map(({ name }) => kindNamed(name))).toEqual([...AGENTS]);
  expect(kindNamed("emacs")).toBeUndefined();
});

test("where there is no process there is no agent, and no conversation lives", () => {
  expect(agentIn(PID)).toBeUndefined();
  for (const kind of AGENTS) expect(livingConversation(kind, "4cc82d9f-b271-4a17-980b-88d7baf36de7")).toBe(false);
});

test("each kind that lists a source has one", () => {
  for (const { sources, fileOf, titled, screens } of AGENTS) {
    const ways = [fileOf, titled, screens].map((way) => way !== undefined);
    expect((["file", "title", "screen"] as const).map((source) => sources.includes(source))).toEqual(ways);
    expect(sources).toContain("hook");
  }
});
