import { UNKNOWN } from "../../task.ts";
import type { Shell } from "../shell.ts";
import { endsIn, waitingIn } from "../typed.ts";
import type { Solutions } from "../way.ts";
import { ENDS, PROGRAMS, RESTORE, SAVE } from "./lines.ts";

/** What panes and sessions do, and how they go and come back, by tmux alone. */
export const PANES_BY_TMUX: Solutions<Shell> = {
  9: async (tool) => waitingIn((await tool.sh(PROGRAMS)).text),
  11: async (tool) => endsIn((await tool.sh(ENDS)).text),
  14: async (tool) => {
    // what has no pane any more has no terminal either: by that it is found before
    const { text } = await tool.sh(
      `tmux new -ds work \\; splitw; tmux send -t work.1 './spawn; tmux wait -S s' Enter; timeout 50 tmux wait s; t=$(tmux display -pt work.1 '#{pane_tty}'); pkill -t \${t#/dev/} worker; sleep .2; ps -o args= -t $t; tmux kill-session -t work; tmux ls -F '#{session_name}'`,
    );
    return { clean: !text.includes("worker") && text.split("\n").at(-1) === "dev" };
  },
  20: async (tool) => {
    await tool.sh(SAVE);
    await tool.meanwhile();
    const { text } = await tool.sh(RESTORE);
    const [last1 = UNKNOWN, last2 = UNKNOWN, folder2 = UNKNOWN] = text.split("\n");
    return { last1, last2, folder2 };
  },
};
