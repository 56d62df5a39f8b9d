import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { begin, create, must, result, shown, type, until } from "./theirs.ts";

/** What is run and waited for, by tmux-mcp: it does not wait, so it is looked again and again. */
export const COMMANDS_BY_TMUX_MCP: Solutions<McpTool> = {
  1: async (tool) => {
    await create(tool);
    await begin(tool, "work", "./build");
    return await until(async () => {
      // the screen has more than 20 lines, and the result would have all
      const lines = (await shown(tool, "work")).split("\n");
      const end = lines.findIndex((line) => /^TMUX_MCP_DONE_\d+$/.test(line));
      if (end < 20) return undefined;
      return { exit_code: Number(lines[end]?.slice(14)), last: lines.slice(end - 20, end).join("\n") };
    });
  },
  2: server,
  3: server,
  // which was the first can't be seen by looking now and then: they write it down, and the second pane waits for that
  4: async (tool) => {
    const told = await second(tool, ["lint", "unit"], (name) => `./${name} || echo ${name} $? >>f`, "; ");
    const [, failed = UNKNOWN, code] = /^(lint|unit) (\d+)$/m.exec(told) ?? [];
    return { failed, exit_code: Number(code) };
  },
  10: async (tool) => {
    const told = await second(tool, ["one", "two"], (name) => `(./${name}; echo ${name} >>f)`, " & ");
    return { first: /^(one|two)$/m.exec(told)?.[1] ?? UNKNOWN };
  },
};

async function server(tool: McpTool): Promise<Conclusion> {
  await create(tool);
  await begin(tool, "work", "./server");
  return await until(async () => {
    const screen = await must(tool, "capture-pane", { paneId: "work", lines: "100" });
    const port = /^listening on port (\d+)$/m.exec(screen)?.[1];
    if (port !== undefined) return { ready: true, port: Number(port) } as Conclusion;
    const end = /^(.*)\nTMUX_MCP_DONE_(\d+)$/m.exec(screen);
    return end ? { ready: false, exit_code: Number(end[2]), last: end[1] ?? UNKNOWN } : undefined;
  });
}

/** Runs two commands that write a line to a file, in two panes; returns what the second pane shows once there is one. */
async function second(
  tool: McpTool,
  [one, two]: readonly [string, string],
  command: (name: string) => string,
  then: string,
): Promise<string> {
  await create(tool);
  await must(tool, "split-pane", { paneId: "work" });
  await type(tool, "work:0.0", command(one));
  const line = `${command(two)}${then}until [ -s f ]; do sleep .2; done; head -1 f`;
  return (await result(tool, await begin(tool, "work:0.1", line))).output;
}
