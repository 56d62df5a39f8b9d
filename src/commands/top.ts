import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { isTerminal } from "../lib/libc.ts";
import { panesCommand } from "../tmux/panes.ts";
import { startTmux } from "../tmux/run.ts";
import { command } from "./define.ts";
import { isColorful } from "./print.ts";

export default command({
  effect: "destroys",
  examples: [
    "claude-tmux top",
    "claude-tmux -L work top",
    `tmux bind-key T run-shell -b "tmux display-popup -c '#{client_name}' -w 90% -h 80% -E 'claude-tmux top --client #{client_name}'"`,
  ],
  notes: `Shows all panes, those first that need somebody, what each of them does, since when, the CPU and memory of its processes,
and its last line; and below that what the selected one shows. Enter goes there, / filters, a answers what a coding agent
asks, x stops what runs there, after it has asked; ? explains the rest. It looks once a second, and every three seconds while
nothing changes. install tmux writes the key binding for a popup.

Where stdout is no terminal there is nothing to show: exit code 2. Scripts take agent-list or pane-list-detailed.`,
  args: {
    client: {
      type: "string",
      description: "for a popup: the tmux client that Enter shows a pane in, after which it ends",
      valueHint: "name",
    },
  },
  async run({ client }, context) {
    if (!isTerminal(1)) {
      throw new AppError("ERR_INVALID_ARGUMENT", "top is to be looked at, and stdout is no terminal", {
        hint: "For scripts: claude-tmux pane-list-detailed <session>, agent-list, or status-line --json.",
      });
    }
    if (config.isDumbTerminal) {
      throw new AppError("ERR_INVALID_ARGUMENT", "top needs a terminal whose cursor can be moved, and TERM is dumb", {
        hint: "claude-tmux agent-list and pane-list-detailed <session> print lines.",
      });
    }
    const { server, color } = context;
    const listed = startTmux(server, [panesCommand(undefined)]); // while the rest is loaded
    const [{ showTop }, { deedsOf }] = await Promise.all([import("../top/top.ts"), import("./top/deeds.ts")]);
    return await context.interruptible(async (signal) => {
      const deeds = (ended: AbortSignal) => deedsOf(context, { client, signal: ended });
      const create = context.ours("claude-tmux session-create dev");
      await showTop({ server, listed, create, isColorful: color && isColorful(), deeds, signal });
      return 0;
    });
  },
});
