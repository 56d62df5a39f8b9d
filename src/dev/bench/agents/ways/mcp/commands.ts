import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { call, must, work } from "./ours.ts";

/** What is run and waited for, by our MCP server. */
export const COMMANDS_BY_MCP: Solutions<McpTool> = {
  1: async (tool) => {
    const pane = await work(tool);
    // the whole output is not wanted: its end is read when it is there
    await must(tool, "run", { pane, command: "./build", wait: false });
    const { exit_code } = await must(tool, "wait", { pane });
    const { output } = await must(tool, "read", { pane, lines: 21 });
    return { exit_code: exit_code as number, last: `${output}`.split("\n").slice(0, 20).join("\n") };
  },
  2: server,
  3: server,
  4: async (tool) => {
    const panes = await both(tool, ["./lint", "./unit"]);
    const first = await must(tool, "wait", { pane: panes[0], any: [panes[1]] });
    const last =
      first.exit_code === 0 ? await must(tool, "wait", { pane: panes[first.pane === panes[0] ? 1 : 0] }) : first;
    return { failed: last.pane === panes[0] ? "lint" : "unit", exit_code: last.exit_code as number };
  },
  10: async (tool) => {
    const panes = await both(tool, ["./one", "./two"]);
    const { pane } = await must(tool, "wait", { pane: panes[0], any: [panes[1]] });
    return { first: pane === panes[0] ? "one" : "two" };
  },
};

async function server(tool: McpTool): Promise<Conclusion> {
  const pane = await work(tool);
  await must(tool, "run", { pane, command: "./server", wait: false });
  const { output, error, exit_code, last_lines } = await call(tool, "wait", { pane, pattern: "listening on port" });
  if (!error) return { ready: true, port: Number(/port (\d+)/.exec(`${output}`)?.[1]) };
  if (error.code !== "ERR_COMMAND_ENDED") return { ready: UNKNOWN };
  return { ready: false, exit_code: exit_code as number, last: (last_lines as string[]).at(-1) ?? UNKNOWN };
}

/** Runs two commands in two panes of the session `work`; returns these. */
async function both(tool: McpTool, commands: readonly [string, string]): Promise<[string, string]> {
  const panes: [string, string] = [await work(tool), `${(await must(tool, "create", { session: "work" })).pane}`];
  for (const i of [0, 1] as const) await must(tool, "run", { pane: panes[i], command: commands[i], wait: false });
  return panes;
}
