import { BINARY } from "../../stage.ts";
import { COMMANDS_BY_CLI } from "./cli/commands.ts";
import { McpTool } from "./client.ts";
import { COMMANDS_BY_MCP } from "./mcp/commands.ts";
import { Shell } from "./shell.ts";
import { type Way, way } from "./way.ts";

/**
 * All ways.
 * @param tmuxMcp the command line of tmux-mcp (github.com/nickgnd/tmux-mcp), without which that way is left out
 */
export function waysOf(_tmuxMcp: string | undefined): Way[] {
  const ours = [BINARY, "mcp"];
  return [
    way("mcp", (scene, meanwhile) => McpTool.open(scene, ours, meanwhile), COMMANDS_BY_MCP),
    way("cli", async (scene, meanwhile) => new Shell(scene, meanwhile), COMMANDS_BY_CLI),
  ];
}
