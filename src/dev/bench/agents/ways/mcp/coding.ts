import { UNKNOWN } from "../../task.ts";
import { claudeOn, saidOn } from "../claude-screen.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { must } from "./ours.ts";

/** So many lines of a pane hold a dialog, or the composer with what is above it. */
const LINES = 16;

/** What coding agents do, by our MCP server: there is no tool for agents, so it is read from what they show. */
export const CODING_BY_MCP: Solutions<McpTool> = {
  15: async (tool, { prompt }) => {
    const pane = "dev:0.0";
    await must(tool, "send", { pane, text: prompt, enter: true });
    // what it says begins so, and then its composer waits
    await must(tool, "wait", { pane, pattern: "^● " });
    const { output } = await must(tool, "read", { pane, lines: LINES });
    return { answer: saidOn(`${output}`, prompt as string) };
  },
  16: async (tool) => {
    const pane = "dev:0.0";
    await must(tool, "wait", { pane, pattern: "Do you want|Interrupted", existing: true });
    const state = await stateIn(tool, pane);
    if (state !== "permission") return { state };
    await must(tool, "send", { pane, key: ["1"] });
    return { state, allowed: (await stateIn(tool, pane)) !== "permission" };
  },
  17: async (tool) => ({ state: await stateIn(tool, "dev:0.0") }),
  18: async (tool) => ({ state: await stateIn(tool, "dev:0.0") }),
  19: async (tool) => {
    for (const blocked of ["a", "b"]) {
      const state = await stateIn(tool, `dev:${blocked}`);
      if (state === "permission" || state === "question") return { blocked, why: state };
    }
    return { blocked: UNKNOWN };
  },
};

/** What an agent does: the one place where our tools are asked for it. */
async function stateIn(tool: McpTool, pane: string): Promise<string> {
  const { output } = await must(tool, "read", { pane, lines: LINES });
  return claudeOn(`${output}`);
}
