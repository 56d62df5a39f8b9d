import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { Shell } from "../shell.ts";
import type { Solutions } from "../way.ts";
import { whyEnded } from "../why.ts";
import { b, CREATE } from "./ours.ts";

/** What panes and sessions do, and how they go and come back, by our command line. */
export const PANES_BY_CLI: Solutions<Shell> = {
  9: async (tool) => {
    const { text } = await tool.sh(
      `for w in w1 w2 w3 w4; do ${b} pane-status dev $w | jq -r .output.waiting_for; done`,
    );
    const concluded: Conclusion = {};
    for (const [i, waits] of text.split("\n").entries()) {
      concluded[`w${i + 1}`] = waits === "keys" ? "keys" : waits === "nothing" ? "works" : UNKNOWN;
    }
    return concluded;
  },
  11: async (tool) => {
    const { text } = await tool.sh(
      `for w in old new; do ${b} pane-wait dev $w 20 --last-lines | jq -r '.exit_code,.last_lines[-1]'; done`,
    );
    const [old, oldLast = UNKNOWN, young, youngLast = UNKNOWN] = text.split("\n");
    const why = (code = "null") => whyEnded(code === "null" ? undefined : Number(code));
    return { old: why(old), old_last: oldLast, new: why(young), new_last: youngLast };
  },
  14: async (tool) => {
    const { text } = await tool.sh(
      `{ ${CREATE}; ${b} pane-create work; ${b} pane-run work 1 ./spawn; } >/dev/null; ${b} session-kill work --tree | jq -c .survivors`,
    );
    return { clean: text === "[]" };
  },
  20: async (tool) => {
    await tool.sh(`${b} session-save dev >/dev/null`);
    await tool.meanwhile();
    const { text } = await tool.sh(
      `${b} session-restore dev >/dev/null; for p in 0 1; do ${b} pane-capture dev $p 2 | jq -r .output; done; ${b} pane-status dev 1 | jq -r .output.cwd`,
    );
    const [last1 = UNKNOWN, , last2 = UNKNOWN, , folder = UNKNOWN] = text.split("\n");
    return { last1, last2, folder2: folder.split("/").at(-1) ?? UNKNOWN };
  },
};
