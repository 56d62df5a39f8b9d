import { UNKNOWN } from "../../task.ts";
import type { Shell } from "../shell.ts";
import { answersOf, markIn } from "../typed.ts";
import type { Solutions } from "../way.ts";

/** What is typed to what runs, by tmux alone. */
export const INPUT_BY_TMUX: Solutions<Shell> = {
  5: async (tool) => {
    // it is known that it asks
    const { text } = await tool.sh(
      "tmux new -ds work; tmux send -t work ./setup Enter; sleep 2; tmux send -t work y Enter; sleep 1; tmux capturep -pt work | grep . | tail -3",
    );
    return { token: /^token: (\w+)$/m.exec(text)?.[1] ?? UNKNOWN };
  },
  6: async (tool, { password }) => {
    const { text } = await tool.sh(
      `tmux new -ds work; tmux send -t work ./login Enter; timeout 20 sh -c 'until tmux capturep -pt work | grep -qi password; do sleep .1; done' && tmux send -t work ${password} Enter; sleep 1; tmux capturep -pt work | grep . | tail -3`,
    );
    return { name: /^Welcome, (\S+)$/m.exec(text)?.[1] ?? UNKNOWN };
  },
  7: async (tool) => {
    // what has the terminal may be called as the shell is: its children tell
    const { text } = await tool.sh(
      `p=$(tmux display -pt dev:0.0 '#{pane_pid}'); tmux send -t dev:0.0 C-c; sleep 3; pkill -9 -P $p; sleep .3; pgrep -lP $p`,
    );
    return { free: text === "" };
  },
  8: async (tool, { a, b, c }) => {
    const { text } = await tool.sh(
      `tmux new -ds work python3 -q; tmux send -t work '${a}' Enter '${b}' Enter '${c}' Enter; sleep 2; tmux capturep -pt work | grep .`,
    );
    return answersOf(text);
  },
  12: async (tool, { text: input }) => {
    const { text } = await tool.sh(
      `tmux new -ds work; tmux send -t work 'cat > note' Enter; sleep 1; tmux loadb - <<'END'\n${input}END\ntmux pasteb -rt work; tmux send -t work C-d; sleep .5; cksum note`,
    );
    return { sum: Number(/^\d+/.exec(text)?.[0]) };
  },
  13: async (tool) => {
    const { text } = await tool.sh(
      `tmux send -t dev:0.0 C-e C-u 'echo "$mark"' Enter; sleep 1; tmux send -t dev:0.0 C-y; sleep .2; tmux capturep -pt dev:0.0 | grep . | tail -3`,
    );
    return { mark: markIn(text) };
  },
};
