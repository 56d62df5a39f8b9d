import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { call, type Facts, must, SESSION } from "./ours.ts";

/** What is run and waited for, by our MCP server. */
export const COMMANDS_BY_MCP: Solutions<McpTool> = {
  1: async (tool) => {
    const { exit_code, output } = await must(tool, "run", { ...SESSION, command: "./build", tail: 20 });
    return { exit_code: exit_code as number, last: `${output}` };
  },
  2: server,
  3: server,
  4: async (tool) => {
    const ends = await atOnce(tool, ["./lint", "./unit"], "failure");
    const at = ends.findIndex(({ exit_code }) => typeof exit_code === "number" && exit_code !== 0);
    return { failed: ["lint", "unit"][at] ?? UNKNOWN, exit_code: (ends[at]?.exit_code as number) ?? UNKNOWN };
  },
  10: async (tool) => {
    const ends = await atOnce(tool, ["./one", "./two"], "first");
    return { first: ["one", "two"][ends.findIndex(({ running }) => !running)] ?? UNKNOWN };
  },
};

async function server(tool: McpTool): Promise<Conclusion> {
  const input = { ...SESSION, command: "./server", pattern: "listening on port" };
  const { output, error, exit_code, last_lines } = await call(tool, "run", input);
  if (!error) return { ready: true, port: Number(/port (\d+)/.exec(`${output}`)?.[1]) };
  if (error.code !== "ERR_COMMAND_ENDED") return { ready: UNKNOWN };
  return { ready: false, exit_code: exit_code as number, last: (last_lines as string[]).at(-1) ?? UNKNOWN };
}

/** Runs commands in panes of the session `work`, until enough of them have ended; what is told of each, in their order. */
async function atOnce(tool: McpTool, commands: readonly string[], enough: string): Promise<readonly Facts[]> {
  return (await must(tool, "run", { ...SESSION, commands, for: enough })).output as Facts[];
}
