import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { begin, create, must, result, shown, until } from "./theirs.ts";

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
  // which was the first can't be seen by looking now and then: they write it down
  4: async (tool) => {
    const [failed = UNKNOWN, code] = (
      await first(tool, ["lint", "unit"], (name) => `./${name} || echo ${name} $? >>f`)
    ).split(" ");
    return { failed, exit_code: Number(code) };
  },
  10: async (tool) => ({ first: await first(tool, ["one", "two"], (name) => `./${name}; echo ${name} >>f`) }),
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

/** Runs two commands that write a line to a file, and returns the first that stands there. */
async function first(
  tool: McpTool,
  names: readonly [string, string],
  command: (name: string) => string,
): Promise<string> {
  await create(tool);
  await must(tool, "split-pane", { paneId: "work" });
  for (const [i, name] of names.entries()) await begin(tool, `work:0.${i}`, command(name));
  await must(tool, "split-pane", { paneId: "work" });
  const id = await begin(tool, "work:0.2", "until [ -s f ]; do sleep .2; done; head -1 f");
  return (await result(tool, id)).output;
}
