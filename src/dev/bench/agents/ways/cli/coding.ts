import { UNKNOWN } from "../../task.ts";
import type { Shell } from "../shell.ts";
import type { Solutions } from "../way.ts";
import { b } from "./ours.ts";

/** What coding agents do, by our command line. */
export const CODING_BY_CLI: Solutions<Shell> = {
  15: async (tool, { prompt }) => {
    const { text } = await tool.sh(`${b} agent-prompt dev 0 --wait --timeout 50 '${prompt}' | jq -r .turn.message`);
    return { answer: text };
  },
  16: async (tool) => {
    const { text } = await tool.sh(`${b} agent-wait dev 0 --timeout 50 | jq -r '.output|.kind,.state,.for'`);
    const state = stateOf(text);
    if (state !== "permission") return { state };
    const answered = await tool.sh(`${b} agent-answer dev 0 yes | jq -r .output`);
    return { state, allowed: answered.text === "Answered" };
  },
  17: status,
  18: status,
  19: async (tool) => {
    const { text } = await tool.sh(
      `for w in a b; do ${b} agent-status dev $w | jq -r '.output|"\\(.state) \\(.for)"'; done`,
    );
    const blocked = text.split("\n").findIndex((line) => line.startsWith("waiting "));
    const why = text.split("\n")[blocked]?.split(" ")[1];
    return { blocked: ["a", "b"][blocked] ?? UNKNOWN, why: why ?? UNKNOWN };
  },
};

async function status(tool: Shell): Promise<{ state: string }> {
  const { text } = await tool.sh(`${b} agent-status dev 0 | jq -r '.output|.kind,.state,.for'`);
  return { state: stateOf(text) };
}

/** What was told: its kind, its state and what it waits for, a line each. No kind: no agent runs there any more. */
function stateOf(text: string): string {
  const [kind, state = UNKNOWN, wait = UNKNOWN] = text.split("\n");
  if (kind === "null") return "dead";
  return state === "waiting" ? wait : state === "done" ? "idle" : state;
}
