import { UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import type { Solutions } from "../way.ts";
import { must, SESSION } from "./ours.ts";

/** What is typed to what runs, by our MCP server. */
export const INPUT_BY_MCP: Solutions<McpTool> = {
  5: async (tool) => {
    const { pane } = await must(tool, "run", { ...SESSION, command: "./setup", wait: false });
    const { output } = await must(tool, "ask", { pane, text: "y" });
    return { token: /^token: (\w+)$/m.exec(`${output}`)?.[1] ?? UNKNOWN };
  },
  6: async (tool, { password }) => {
    // not before it asks: until then what is typed is shown
    const { pane } = await must(tool, "run", { ...SESSION, command: "./login", pattern: "(?i)password" });
    const { output } = await must(tool, "ask", { pane, text: password });
    return { name: /^Welcome, (\S+)$/m.exec(`${output}`)?.[1] ?? UNKNOWN };
  },
  7: async (tool) => {
    const { survivors } = await must(tool, "end", { what: "job", pane: "dev:0.0", timeout: 3 });
    return { free: Array.isArray(survivors) && survivors.length === 0 };
  },
  8: async (tool, { a, b, c }) => {
    const { pane } = await must(tool, "run", { ...SESSION, command: "python3 -q", wait: false });
    const { output } = await must(tool, "ask", { pane, text: `${a}\n${b}\n${c}` });
    const [first = UNKNOWN, second = UNKNOWN, third = UNKNOWN] = `${output}`.split("\n");
    return { a: first, b: second, c: third };
  },
  12: async (tool, { text }) => {
    const { pane } = await must(tool, "run", { ...SESSION, command: "cat > note; cksum note", wait: false });
    const { last_lines = [] } = await must(tool, "send", { pane, text, key: ["C-d"], wait: true });
    return { sum: Number(/^\d+/.exec((last_lines as string[]).at(-1) ?? "")?.[0]) };
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
