import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { whyEnded } from "../why.ts";
import { type Facts, must, SESSION } from "./ours.ts";

/** What panes and sessions do, and how they go and come back, by our MCP server. */
export const PANES_BY_MCP: Solutions<McpTool> = {
  9: async (tool) => {
    const windows = ["w1", "w2", "w3", "w4"];
    const { output } = await must(tool, "status", { panes: windows.map((window) => `dev:${window}`) });
    const concluded: Conclusion = {};
    for (const [i, { waiting_for }] of (output as Facts[]).entries()) {
      concluded[`${windows[i]}`] = waiting_for === "keys" ? "keys" : waiting_for === "nothing" ? "works" : UNKNOWN;
    }
    return concluded;
  },
  11: async (tool) => {
    const { output } = await must(tool, "wait", { panes: ["dev:old", "dev:new"] });
    const [old, young] = (output as Facts[]).map(({ exit_code, last_lines = [] }) => ({
      why: whyEnded((exit_code ?? undefined) as number | undefined),
      last: (last_lines as string[]).at(-1) ?? UNKNOWN,
    }));
    return {
      old: old?.why ?? UNKNOWN,
      old_last: old?.last ?? UNKNOWN,
      new: young?.why ?? UNKNOWN,
      new_last: young?.last ?? UNKNOWN,
    };
  },
  14: async (tool) => {
    await must(tool, "create", { name: "work" });
    await must(tool, "run", { ...SESSION, command: "./spawn" });
    const { survivors } = await must(tool, "end", { what: "session", session: "work", tree: true });
    return { clean: Array.isArray(survivors) && survivors.length === 0 };
  },
  20: async (tool) => {
    await must(tool, "snapshot", { session: "dev" });
    await tool.meanwhile();
    await must(tool, "snapshot", { session: "dev", restore: true });
    const { output } = await must(tool, "read", { panes: ["dev:0.0", "dev:0.1"], lines: 2 });
    // the last line of output, and the prompt below it, which tells the folder
    const [first = [], second = []] = (output as Facts[]).map((shown) => `${shown.output}`.split("\n"));
    const folder2 = /([^/]+)\$$/.exec(second[1] ?? "")?.[1];
    return { last1: first[0] ?? UNKNOWN, last2: second[0] ?? UNKNOWN, folder2: folder2 ?? UNKNOWN };
  },
};
