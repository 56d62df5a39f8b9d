import license from "../../LICENSE" with { type: "text" };
import { hookEvents } from "../agents/hook-events.ts";
import readme from "./plugin/README.md" with { type: "text" };
import skill from "./plugin/SKILL.md" with { type: "text" };
import { readableShellWord } from "./quote.ts";

/** What a plugin for Claude Code is made of. */
export interface ClaudePlugin {
  /** the words that run this program: its absolute path, and what has to follow it */
  program: readonly [string, ...string[]];
  /** the options that name the tmux server; none for the one around Claude Code, or the default one */
  serverFlags: readonly string[];
  version: string;
  /** whether this program has an MCP server */
  hasServer: boolean;
}

/** `claude plugin validate` (2.1.332) keeps all names that begin with "claude-" to their maker. */
const PLUGIN_NAME = "tmux-panes";

/** How long a hook may take, seconds: it takes no longer than one by itself. */
const HOOK_TIMEOUT_S = 5;

/**
 * The files of a plugin for Claude Code (its documentation, plugins-reference), by their paths in its folder. The one without
 * which it is no plugin is the last. Pure.
 */
export function claudePlugin({ program, serverFlags, version, hasServer }: ClaudePlugin): Record<string, string> {
  const [command, ...first] = program;
  const hook = { type: "command", command, args: [...first, "agent-hook", "claude"], timeout: HOOK_TIMEOUT_S };
  const hooks = Object.fromEntries(hookEvents("claude").map((event) => [event, [{ hooks: [hook] }]]));
  const server = { command, args: [...first, ...serverFlags, "mcp"] };
  return {
    "skills/claude-tmux/SKILL.md": skill.replace("PROGRAM", () => `\`${program.map(readableShellWord).join(" ")}\``),
    ...(hasServer && { ".mcp.json": json({ mcpServers: { "claude-tmux": server } }) }),
    "hooks/hooks.json": json({ description: "Note in the tmux pane of Claude Code what it does", hooks }),
    "README.md": readme,
    LICENSE: license,
    ".claude-plugin/plugin.json": json({
      name: PLUGIN_NAME,
      version,
      description: "Run commands in tmux panes, and know for certain when they ended and how",
      author: { name: "the claude-tmux authors" },
      license: "MIT",
      network: { hosts: [] },
    }),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
