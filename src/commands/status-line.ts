import { tmuxAsync } from "../tmux/run.ts";
import { answering } from "./answering.ts";

export default answering({
  effect: "reads",
  examples: [
    "claude-tmux status-line",
    `tmux set -g status-right '#(claude-tmux status-line) %H:%M'`,
    "claude-tmux status-line --json | jq .blocked",
  ],
  notes: `How many panes are blocked (a coding agent asks something, or a program waits for a line or a password), failed, dead, done
and working, in one short line; nothing of what there is none of, and nothing at all where no tmux server runs. Its colours
are tmux's own (#[fg=red]); --plain leaves them out. tmux runs it anew every status-interval seconds.`,
  args: { plain: { type: "boolean", description: "without tmux's colours" } },
  schema: async () => (await import("./results/status-line.ts")).StatusLine,
  async answer({ plain = false }, { server }) {
    const [{ listVerdicts }, { countsOf }, { statusLine }, { hasNothing }] = await Promise.all([
      import("../panes/agents.ts"),
      import("../top/row.ts"),
      import("../top/status.ts"),
      import("../tmux/error.ts"),
    ]);
    const found = await listVerdicts((commands) => tmuxAsync(server, commands), { more: [] }).catch((thrown) => {
      if (hasNothing(thrown)) return [];
      throw thrown;
    });
    const counts = countsOf(found.map(({ verdict }) => ({ state: verdict.state, for: verdict.for ?? "" })));
    return { ...counts, text: statusLine(counts, !plain) };
  },
  text: ({ text }) => (text === "" ? undefined : text),
  isRaw: true,
});
