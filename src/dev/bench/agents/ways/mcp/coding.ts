import { UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { must } from "./ours.ts";

/** What our tool tells of an agent. */
interface Told {
  kind: string | null;
  state: string;
  for: string | null;
}

/** What coding agents do, by our MCP server, which was started with --allow-answers. */
export const CODING_BY_MCP: Solutions<McpTool> = {
  15: async (tool, { prompt }) => {
    const { turn } = await must(tool, "tell", { pane: "dev:0.0", text: prompt, wait: true });
    return { answer: `${(turn as { message?: string }).message ?? UNKNOWN}` };
  },
  16: async (tool) => {
    const pane = "dev:0.0";
    const state = stateOf((await must(tool, "agent", { pane, wait: true })).output as Told);
    if (state !== "permission") return { state };
    const { output } = await must(tool, "tell", { pane, answer: "yes" });
    return { state, allowed: output === "Answered" };
  },
  17: status,
  18: status,
  19: async (tool) => {
    const told = (await must(tool, "agent", { panes: ["dev:a", "dev:b"] })).output as readonly Told[];
    const at = told.findIndex(({ state }) => state === "waiting");
    return { blocked: ["a", "b"][at] ?? UNKNOWN, why: told[at]?.for ?? UNKNOWN };
  },
};

async function status(tool: McpTool): Promise<{ state: string }> {
  return { state: stateOf((await must(tool, "agent", { pane: "dev:0.0" })).output as Told) };
}

/** No kind: no agent runs there any more. */
function stateOf({ kind, state, for: wait }: Told): string {
  if (kind === null) return "dead";
  return state === "waiting" ? (wait ?? UNKNOWN) : state === "done" ? "idle" : state;
}
