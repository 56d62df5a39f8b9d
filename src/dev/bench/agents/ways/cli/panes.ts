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
    // an end without the pattern tells the last lines too
    const { text } = await tool.sh(
      `${b} pane-watch-timeout dev new '$x' 20 | jq -r '.exit_code,.last_lines[-1]'; ${b} pane-status dev old | jq -r '.output|.signal,.exit_code'; ${b} pane-capture dev old 3 | jq -r .output`,
    );
    const [code, last = UNKNOWN, signal, exit, ...lines] = text.split("\n");
    return {
      new: whyEnded(code === "null" ? undefined : Number(code)),
      new_last: last,
      old: signal === "null" ? `exit ${exit}` : `signal ${signal}`,
      old_last: lines.findLast((line) => !/^(Pane is dead.*)?$/.test(line)) ?? UNKNOWN,
    };
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
