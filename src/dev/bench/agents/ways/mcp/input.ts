import { UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { call, must, work } from "./ours.ts";

/** What is typed to what runs, by our MCP server. */
export const INPUT_BY_MCP: Solutions<McpTool> = {
  5: async (tool) => {
    const pane = await work(tool);
    await must(tool, "run", { pane, command: "./setup", wait: false });
    const { output } = await must(tool, "ask", { pane, text: "y" });
    return { token: /^token: (\w+)$/m.exec(`${output}`)?.[1] ?? UNKNOWN };
  },
  6: async (tool, { password }) => {
    const pane = await work(tool);
    await must(tool, "run", { pane, command: "./login", wait: false });
    // not before it asks: until then what is typed is shown
    await must(tool, "wait", { pane, pattern: "Password:" });
    const { output } = await must(tool, "ask", { pane, text: password });
    return { name: /^Welcome, (\S+)$/m.exec(`${output}`)?.[1] ?? UNKNOWN };
  },
  7: async (tool) => {
    const { survivors } = await must(tool, "end", { what: "job", pane: "dev:0.0", timeout: 3 });
    return { free: Array.isArray(survivors) && survivors.length === 0 };
  },
  8: async (tool, { a, b, c }) => {
    const pane = await work(tool);
    await must(tool, "run", { pane, command: "python3 -q", wait: false });
    const answers: string[] = [];
    for (const text of [a, b, c]) answers.push(`${(await must(tool, "ask", { pane, text })).output}`);
    const [first = UNKNOWN, second = UNKNOWN, third = UNKNOWN] = answers;
    return { a: first, b: second, c: third };
  },
  12: async (tool, { text }) => {
    const pane = await work(tool);
    await must(tool, "run", { pane, command: "cat > note", wait: false });
    await must(tool, "send", { pane, text });
    await must(tool, "send", { pane, key: ["C-d"] });
    const input = { pane, command: "cksum note" };
    let ran = await call(tool, "run", input);
    if (ran.error?.code === "ERR_PANE_BUSY") {
      await must(tool, "wait", { pane });
      ran = await must(tool, "run", input);
    }
    const { output } = ran;
    return { sum: Number(/^\d+/.exec(`${output}`)?.[0]) };
  },
  13: async (tool) => {
    const pane = "dev:0.0";
    const typed = await must(tool, "read", { pane, lines: 1 });
    const { output } = await must(tool, "run", { pane, command: 'echo "$mark"' });
    const after = await must(tool, "read", { pane, lines: 1 });
    const half = `${typed.output}`.replace(/^\S+\$ /, "");
    // a shell that has been started without us does not keep it
    if (!`${after.output}`.endsWith(half)) await must(tool, "send", { pane, text: half });
    return { mark: `${output}` };
  },
};
