import { UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import { ENDS, PROGRAMS, RESTORE, SAVE } from "../tmux/lines.ts";
import { endsIn, waitingIn } from "../typed.ts";
import type { Solutions } from "../way.ts";
import { begin, create, must, result } from "./theirs.ts";

/** What panes and sessions do, and how they go and come back, by tmux-mcp: what it has no tool for, tmux does in a pane of one's own. */
export const PANES_BY_TMUX_MCP: Solutions<McpTool> = {
  9: async (tool) => waitingIn(await shell(tool, PROGRAMS)),
  11: async (tool) => endsIn(await shell(tool, ENDS)),
  14: async (tool) => {
    await create(tool);
    await must(tool, "split-pane", { paneId: "work" });
    const line = "./spawn; t=$(tty); pkill -t ${t#/dev/} worker; sleep .2; ps -o args= -t $t";
    const { output } = await result(tool, await begin(tool, "work:0.1", line));
    await must(tool, "kill-session", { sessionId: "work" });
    return { clean: !output.includes("worker") };
  },
  20: async (tool) => {
    await shell(tool, SAVE);
    await tool.meanwhile();
    const lines = (await shell(tool, RESTORE)).split("\n");
    const [last1 = UNKNOWN, last2 = UNKNOWN, folder2 = UNKNOWN] = lines;
    return { last1, last2, folder2 };
  },
};

/** Runs a line in a session of one's own. */
async function shell(tool: McpTool, line: string): Promise<string> {
  await create(tool);
  return (await result(tool, await begin(tool, "work", `echo -; ${line}`))).output;
}
