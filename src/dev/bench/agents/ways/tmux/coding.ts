import { UNKNOWN } from "../../task.ts";
import { claudeOn, saidOn } from "../claude-screen.ts";
import type { Shell } from "../shell.ts";
import type { Solutions } from "../way.ts";

/** What coding agents do, by tmux alone: what they show, without its rules and empty lines. */
export const CODING_BY_TMUX: Solutions<Shell> = {
  15: async (tool, { prompt }) => {
    const { text } = await tool.sh(
      `tmux send -t dev:0.0 -l '${prompt}'; tmux send -t dev:0.0 Enter; sleep 1; ${whileWorking}; ${shown("dev:0.0", 6)}`,
    );
    return { answer: saidOn(text, prompt as string) };
  },
  16: async (tool) => {
    const { text } = await tool.sh(`${whileWorking}; ${shown("dev:0.0", 6)}`);
    const state = claudeOn(text);
    if (state !== "permission") return { state };
    const after = await tool.sh(`tmux send -t dev:0.0 1; sleep .5; ${shown("dev:0.0", 6)}`);
    return { state, allowed: claudeOn(after.text) !== "permission" };
  },
  17: state,
  18: state,
  19: async (tool) => {
    const { text } = await tool.sh(`for w in a b; do echo "== $w"; ${shown("dev:$w", 6)}; done`);
    const [, a = "", b = ""] = text.split(/^== [ab]$/m);
    const states = [claudeOn(a), claudeOn(b)];
    const at = states.findIndex((one) => one === "permission" || one === "question");
    return { blocked: ["a", "b"][at] ?? UNKNOWN, why: states[at] ?? UNKNOWN };
  },
};

const whileWorking =
  "timeout 50 sh -c 'while tmux capturep -pt dev:0.0 | grep -q \"esc to interrupt\"; do sleep .3; done'";

function shown(target: string, lines: number): string {
  return `tmux capturep -pt ${target} | grep -v '^─\\|^$' | tail -${lines}`;
}

async function state(tool: Shell): Promise<{ state: string }> {
  const { text } = await tool.sh(`tmux display -pt dev:0.0 '#{pane_current_command}'; ${shown("dev:0.0", 6)}`);
  const [program, ...lines] = text.split("\n");
  return { state: program === "claude" ? claudeOn(lines.join("\n")) : "dead" };
}
