import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { whyEnded } from "../why.ts";
import { call, must, work } from "./ours.ts";

/** What panes and sessions do, and how they go and come back, by our MCP server. */
export const PANES_BY_MCP: Solutions<McpTool> = {
  9: async (tool) => {
    const concluded: Conclusion = {};
    for (const window of ["w1", "w2", "w3", "w4"]) {
      const { waiting_for } = (await must(tool, "status", { pane: `dev:${window}` })).output as { waiting_for: string };
      concluded[window] = waiting_for === "keys" ? "keys" : waiting_for === "nothing" ? "works" : UNKNOWN;
    }
    return concluded;
  },
  11: async (tool) => {
    // an end without the pattern tells the last lines too
    const ended = await call(tool, "wait", { pane: "dev:new", pattern: "$x" });
    const { output } = await must(tool, "status", { pane: "dev:old" });
    const read = await must(tool, "read", { pane: "dev:old", lines: 3 });
    const { signal, exit_code } = output as { signal?: number; exit_code?: number };
    const { exit_code: code, last_lines = [] } = ended as { exit_code?: number; last_lines?: string[] };
    return {
      new: whyEnded(code),
      new_last: last_lines.at(-1) ?? UNKNOWN,
      old: signal === undefined ? `exit ${exit_code}` : `signal ${signal}`,
      old_last: `${read.output}`.split("\n").findLast((line) => !/^(Pane is dead.*)?$/.test(line)) ?? UNKNOWN,
    };
  },
  14: async (tool) => {
    await work(tool);
    const { pane } = await must(tool, "create", { session: "work" });
    await must(tool, "run", { pane, command: "./spawn" });
    const { survivors } = await must(tool, "end", { what: "session", session: "work", tree: true });
    return { clean: Array.isArray(survivors) && survivors.length === 0 };
  },
  20: async (tool) => {
    // no tool saves a session: the program does, in a pane
    await must(tool, "run", {
      pane: await work(tool),
      command: "claude-tmux bridge session-save dev --quiet >/dev/null",
    });
    await tool.meanwhile();
    await must(tool, "run", {
      pane: await work(tool),
      command: "claude-tmux bridge session-restore dev --quiet >/dev/null",
    });
    const lasts: string[] = [];
    for (const pane of ["dev:0.0", "dev:0.1"]) {
      const { output } = await must(tool, "read", { pane, lines: 2 });
      lasts.push(`${output}`.split("\n")[0] ?? UNKNOWN);
    }
    const { output } = await must(tool, "status", { pane: "dev:0.1" });
    const [last1 = UNKNOWN, last2 = UNKNOWN] = lasts;
    return { last1, last2, folder2: (output as { cwd: string }).cwd.split("/").at(-1) ?? UNKNOWN };
  },
};
