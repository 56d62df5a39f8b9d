import { expect, test } from "bun:test";
import { hookEvents } from "../../../src/agents/hook-events.ts";
import type { Entry } from "../../../src/commands/define.ts";
import { defaultOptions } from "../../../src/commands/options.ts";
import { parseCommand } from "../../../src/commands/parse.ts";
import { FAMILIES } from "../../../src/commands/table.ts";
import { claudePlugin } from "../../../src/install/claude-plugin.ts";

const PROGRAM = ["/opt/my tools/claude-tmux"] as const;
const files = claudePlugin({ program: PROGRAM, serverFlags: ["-L", "odd"], version: "1.2.3", hasServer: true });
const skill = files["skills/claude-tmux/SKILL.md"] ?? "";

test("has what Claude Code looks for, and the manifest, without which it is none, as the last", () => {
  expect(Object.keys(files)).toEqual([
    "skills/claude-tmux/SKILL.md",
    ".mcp.json",
    "hooks/hooks.json",
    "README.md",
    "LICENSE",
    ".claude-plugin/plugin.json",
  ]);
  const manifest = JSON.parse(files[".claude-plugin/plugin.json"] ?? "");
  expect(manifest).toMatchObject({ version: "1.2.3", license: "MIT" });
  expect(manifest.name).not.toMatch(/^(claude|anthropic)/); // which are its maker's
  expect(files["README.md"]?.split(/\s+/).length).toBeGreaterThan(40);
  expect(files.LICENSE).toStartWith("MIT License");
});

test("its hooks call this program, without a shell, for every event that tells something, and starts nothing by itself", () => {
  const { hooks } = JSON.parse(files["hooks/hooks.json"] ?? "");
  expect(Object.keys(hooks)).toEqual(hookEvents("claude"));
  for (const event of Object.values(hooks)) {
    expect(event).toEqual([
      { hooks: [{ type: "command", command: PROGRAM[0], args: ["agent-hook", "claude"], timeout: 5 }] },
    ]);
  }
  expect(Object.keys(files).filter((path) => path.includes("monitor"))).toEqual([]);
});

test("has the MCP server of a program that has one", () => {
  expect(JSON.parse(files[".mcp.json"] ?? "")).toEqual({
    mcpServers: { "claude-tmux": { command: PROGRAM[0], args: ["-L", "odd", "mcp"] } },
  });
  const without = claudePlugin({ program: PROGRAM, serverFlags: [], version: "1", hasServer: false });
  expect(Object.keys(without)).not.toContain(".mcp.json");
});

test("its skill is short, and says when it is of use", () => {
  expect(skill.split("\n").length).toBeLessThanOrEqual(61);
  expect(skill).toMatch(/^---\nname: claude-tmux\ndescription: .{50,300}\n---\n/);
  expect(skill).toContain("it is `'/opt/my tools/claude-tmux'`.");
});

const lines = [...skill.matchAll(/`claude-tmux ((?:session|pane|agent)-[^`]+)`/g)].map(([, line = ""]) => line);

test.each(lines)("what it teaches is a command as it stands: %s", async (line) => {
  const [name = "", ...rest] = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  expect(Object.keys(FAMILIES.bridge)).toContain(name);
  const { default: command } = await (FAMILIES.bridge[name] as Entry).load();
  expect(() => parseCommand(rest, command.args, defaultOptions())).not.toThrow();
});

test("it teaches the commands that matter most", () => {
  const names = lines.map((line) => line.split(" ")[0]);
  for (const name of ["session-create", "pane-run", "pane-wait", "pane-watch-timeout", "pane-ask", "pane-screen"]) {
    expect(names).toContain(name);
  }
});
