import { describe, expect, test } from "bun:test";
import { isDirect, nameOf, programOf } from "../../../src/agents/program.ts";

describe("the program of a command line", () => {
  test.each<[string, string, number]>([
    ["claude", "claude", 1],
    ["/home/u/.local/bin/claude --model opus", "/home/u/.local/bin/claude", 1],
    ["node /usr/bin/codex resume x", "/usr/bin/codex", 2],
    ["node --max-old-space-size=8192 --no-warnings /x/gemini.js", "/x/gemini.js", 4],
    ["node -r claude /x/codex.js", "/x/codex.js", 4],
    ["/usr/bin/node22 -- /x/codex.js a", "/x/codex.js", 3],
    ["bun run /x/claude", "/x/claude", 3],
    ["bun run run", "run", 3],
    ["deno run -A claude", "claude", 4],
    ["python3.12 -X dev -u /x/codex", "/x/codex", 5],
    ["/bin/sh -eu /x/claude --model x", "/x/claude", 3],
    ["bash -o pipefail --norc /x/claude", "/x/claude", 5],
    ["/usr/bin/env node /x/claude", "/x/claude", 3],
    ["env A=b B= claude -c", "claude", 4],
  ])("%s", (line, path, words) => {
    expect(programOf(line.split(" "))).toEqual({ path, words });
  });

  test.each([
    "sh -c claude",
    "bash -lc claude",
    "bash -ic claude",
    "bash -s claude",
    "fish --command=claude claude",
    "node -e claude",
    "node -pe claude",
    "node --eval=claude claude",
    "bun -e claude",
    "deno eval claude",
    "python3 -c claude",
    "python3 -m claude",
    "bash",
    "node --inspect",
    "env",
    "env A=b",
    "env -u A claude",
    "env sh -c claude",
    "",
  ])("can't be told: %s", (line) => {
    expect(programOf(line.split(" "))).toBeUndefined();
  });
});

test.each([
  ["claude", "claude"],
  ["/opt/my tools/claude", "claude"],
  ["/x/gemini.js", "gemini"],
  ["/x/npx-cli.js", "npx-cli"],
  ["/x/opencode.exe", "opencode"],
  ["/home/u/.local/share/claude/versions/2.1.332", "claude"],
  ["claude bg-spare", "claude"],
  ["/x/claude-monitor", "claude-monitor"],
  ["/x/claude.sh", "claude.sh"],
])("%s is called %s", (path, name) => {
  expect(nameOf({ path, words: 1 })).toBe(name);
});

test.each<[string, boolean]>([
  ["claude --model opus", true],
  ["/home/u/.local/bin/claude", true],
  ["node /home/u/.nvm/versions/node/v22.1.0/bin/claude -c", true],
  ["/usr/bin/node /home/u/.npm-global/bin/gemini", true],
  ["node --no-warnings=DEP0040 --max-old-space-size=8192 /x/gemini.js", true],
  ["/bin/sh -e /home/u/bin/claude", true],
  ["bun /home/u/.bun/bin/opencode", true],
  ["./claude", false],
  ["bin/claude", false],
  ["node claude", false],
  ["node ./claude", false],
  ["bin/node /x/claude", false],
  ["bun run claude", false],
  ["node --import data:text/javascript,x opencode", false],
  ["node --import data:text/javascript,x /usr/bin/opencode", false],
  ["node -r /tmp/x /usr/bin/codex", false],
  ["bash --rcfile /tmp/x /usr/bin/claude", false],
  ["sh -a /usr/bin/claude", false],
  ["python3 -X x /usr/bin/claude", false],
  ["env LD_PRELOAD=/tmp/x claude", false],
  ["env node /usr/bin/claude", false],
  ["sh -c claude", false],
])("%s starts its program and nothing else: %p", (line, expected) => {
  expect(isDirect(line.split(" "))).toBe(expected);
});
