import { BINARY } from "../../stage.ts";
import { CODING_BY_CLI } from "./cli/coding.ts";
import { COMMANDS_BY_CLI } from "./cli/commands.ts";
import { INPUT_BY_CLI } from "./cli/input.ts";
import { PANES_BY_CLI } from "./cli/panes.ts";
import { McpTool } from "./client.ts";
import { CODING_BY_MCP } from "./mcp/coding.ts";
import { COMMANDS_BY_MCP } from "./mcp/commands.ts";
import { INPUT_BY_MCP } from "./mcp/input.ts";
import { PANES_BY_MCP } from "./mcp/panes.ts";
import { Shell } from "./shell.ts";
import { CODING_BY_TMUX } from "./tmux/coding.ts";
import { COMMANDS_BY_TMUX } from "./tmux/commands.ts";
import { INPUT_BY_TMUX } from "./tmux/input.ts";
import { PANES_BY_TMUX } from "./tmux/panes.ts";
import { CODING_BY_TMUX_MCP } from "./tmux-mcp/coding.ts";
import { COMMANDS_BY_TMUX_MCP } from "./tmux-mcp/commands.ts";
import { INPUT_BY_TMUX_MCP } from "./tmux-mcp/input.ts";
import { PANES_BY_TMUX_MCP } from "./tmux-mcp/panes.ts";
import { type Solutions, type Way, way } from "./way.ts";

const BY_MCP: Solutions<McpTool> = { ...COMMANDS_BY_MCP, ...INPUT_BY_MCP, ...PANES_BY_MCP, ...CODING_BY_MCP };
const BY_CLI: Solutions<Shell> = { ...COMMANDS_BY_CLI, ...INPUT_BY_CLI, ...PANES_BY_CLI, ...CODING_BY_CLI };
const BY_TMUX: Solutions<Shell> = { ...COMMANDS_BY_TMUX, ...INPUT_BY_TMUX, ...PANES_BY_TMUX, ...CODING_BY_TMUX };
const BY_TMUX_MCP: Solutions<McpTool> = {
  ...COMMANDS_BY_TMUX_MCP,
  ...INPUT_BY_TMUX_MCP,
  ...PANES_BY_TMUX_MCP,
  ...CODING_BY_TMUX_MCP,
};

/**
 * All ways.
 * @param tmuxMcp the command line of tmux-mcp (github.com/nickgnd/tmux-mcp), without which that way is left out
 */
export function waysOf(tmuxMcp: string | undefined): Way[] {
  const theirs = tmuxMcp?.split(" ").filter((word) => word !== "") ?? [];
  const serverWay = (name: string, command: string[], by: Solutions<McpTool>) =>
    way(name, (scene, meanwhile) => McpTool.open(scene, command, meanwhile), by);
  const shellWay = (name: string, by: Solutions<Shell>) =>
    way(name, async (scene, meanwhile) => new Shell(scene, meanwhile), by);
  return [
    serverWay("mcp", [BINARY, "mcp", "--allow-answers"], BY_MCP),
    shellWay("cli", BY_CLI),
    ...(theirs.length === 0 ? [] : [serverWay("tmux-mcp", theirs, BY_TMUX_MCP)]),
    shellWay("tmux", BY_TMUX),
  ];
}
