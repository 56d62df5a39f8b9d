import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { Shell } from "../shell.ts";
import type { Solutions } from "../way.ts";
import { b, CREATE } from "./ours.ts";

/** What is run and waited for, by our command line. */
export const COMMANDS_BY_CLI: Solutions<Shell> = {
  1: async (tool) => {
    const { text } = await tool.sh(`${CREATE}; ${b} pane-run work 0 --tail 20 -- ./build | jq -r .exit_code,.output`);
    const [code, ...last] = text.split("\n");
    return { exit_code: Number(code), last: last.join("\n") };
  },
  2: server,
  3: server,
  4: async (tool) => {
    const [first, code] = await both(tool, "./lint", "./unit", "jq -r .pane_id,.exit_code");
    if (code !== "0") return { failed: first === "0" ? "lint" : "unit", exit_code: Number(code) };
    const other = first === "0" ? 1 : 0;
    const { text } = await tool.sh(`${b} pane-wait work ${other} 50 | jq .exit_code`);
    return { failed: other === 0 ? "lint" : "unit", exit_code: Number(text) };
  },
  10: async (tool) => {
    const [first] = await both(tool, "./one", "./two", "jq -r .pane_id");
    return { first: first === "0" ? "one" : "two" };
  },
};

async function server(tool: Shell): Promise<Conclusion> {
  const { text } = await tool.sh(
    `${CREATE}; ${b} pane-exec work 0 ./server >/dev/null; ${b} pane-watch-timeout work 0 'listening on port' 50 | jq -r '.output,.exit_code,.last_lines[-1]?'`,
  );
  const [output = "", code, last] = text.split("\n");
  const port = /^listening on port (\d+)/.exec(output)?.[1];
  if (port !== undefined) return { ready: true, port: Number(port) };
  return code === "null" || last === undefined ? { ready: UNKNOWN } : { ready: false, exit_code: Number(code), last };
}

/** Runs two commands in two panes of the session `work`, and shows what is told of the first to end. */
async function both(tool: Shell, one: string, two: string, show: string): Promise<string[]> {
  const { text } = await tool.sh(
    `{ ${CREATE}; ${b} pane-create work; ${b} pane-exec work 0 ${one}; ${b} pane-exec work 1 ${two}; } >/dev/null; ${b} pane-wait work 0 50 --any 1 | ${show}`,
  );
  return text.split("\n");
}
