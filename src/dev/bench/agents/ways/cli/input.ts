import { UNKNOWN } from "../../task.ts";
import type { Shell } from "../shell.ts";
import type { Solutions } from "../way.ts";
import { b, CREATE } from "./ours.ts";

/** What is typed to what runs, by our command line. */
export const INPUT_BY_CLI: Solutions<Shell> = {
  5: async (tool) => {
    const { text } = await tool.sh(
      `{ ${CREATE}; ${b} pane-exec work 0 ./setup; } >/dev/null; ${b} pane-ask work 0 y | jq -r .output`,
    );
    return { token: /^token: (\w+)$/m.exec(text)?.[1] ?? UNKNOWN };
  },
  6: async (tool, { password }) => {
    const { text } = await tool.sh(
      `{ ${CREATE}; ${b} pane-exec work 0 ./login; ${b} pane-watch-timeout work 0 Password: 20; } >/dev/null && echo ${password} | ${b} pane-ask work 0 - | jq -r .output`,
    );
    return { name: /^Welcome, (\S+)$/m.exec(text)?.[1] ?? UNKNOWN };
  },
  7: async (tool) => {
    const { text } = await tool.sh(`${b} pane-graceful-shutdown dev 0 3 | jq -r .status`);
    return { free: text === "success" };
  },
  8: async (tool, { a, b: second, c }) => {
    const { text } = await tool.sh(
      `${CREATE}; ${b} pane-exec work 0 "python3 -q" >/dev/null; ${b} pane-ask work 0 '${a}\n${second}\n${c}' | jq -r .output`,
    );
    const [first = UNKNOWN, next = UNKNOWN, last = UNKNOWN] = text.split("\n");
    return { a: first, b: next, c: last };
  },
  12: async (tool, { text: input }) => {
    const { text } = await tool.sh(
      `{ ${CREATE}; ${b} pane-exec work 0 'cat > note'; ${b} pane-send-stdin work 0 - <<'END'\n${input}END\n${b} pane-send-keys work 0 C-d; ${b} pane-wait work 0 9; } >/dev/null; ${b} pane-run work 0 "cksum note" | jq -r .output`,
    );
    return { sum: Number(/^\d+/.exec(text)?.[0]) };
  },
  13: async (tool) => {
    const line = `${b} pane-capture dev 0 1 | jq -r .output`;
    const { text } = await tool.sh(`${line}; ${b} pane-run dev 0 'echo "$mark"' | jq -r .output; ${line}`);
    const [before = "", mark = UNKNOWN, after = ""] = text.split("\n");
    const half = before.replace(/^\S+\$ /, "");
    // a shell that has been started without us does not keep it
    if (!after.endsWith(half)) await tool.sh(`${b} pane-send-stdin dev 0 '${half}' >/dev/null`);
    return { mark };
  },
};
