import { UNKNOWN } from "../../task.ts";
import { claudeOn, saidOn } from "../claude-screen.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { must, shown, turn, type, until } from "./theirs.ts";

/** What coding agents do, by tmux-mcp: what they show. */
export const CODING_BY_TMUX_MCP: Solutions<McpTool> = {
  15: async (tool, { prompt = "" }) => {
    await type(tool, "dev:0.0", prompt);
    return { answer: saidOn(await settled(tool), prompt) };
  },
  16: async (tool) => {
    const state = claudeOn(await settled(tool));
    if (state !== "permission") return { state };
    await must(tool, "execute-command", { paneId: "dev:0.0", command: "1", noEnter: true });
    await turn();
    return { state, allowed: claudeOn(await shown(tool, "dev:0.0")) !== "permission" };
  },
  17: async (tool) => ({ state: claudeOn(await shown(tool, "dev:0.0")) }),
  18: async (tool) => ({ state: claudeOn(await shown(tool, "dev:0.0")) }),
  19: async (tool) => {
    for (const blocked of ["a", "b"]) {
      const why = claudeOn(await shown(tool, `dev:${blocked}`));
      if (why === "permission" || why === "question") return { blocked, why };
    }
    return { blocked: UNKNOWN };
  },
};

/** Looks at the agent until it works no more. */
async function settled(tool: McpTool): Promise<string> {
  return await until(async () => {
    const screen = await shown(tool, "dev:0.0");
    return claudeOn(screen) === "working" ? undefined : screen;
  });
}
