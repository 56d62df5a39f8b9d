import { fetchMetrics } from "../../ipc/client.ts";
import { AppError } from "../../lib/errors.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { answering } from "../answering.ts";

/** What is told without a daemon. */
const DOWN = "# HELP claude_tmux_up Whether the event daemon runs.\n# TYPE claude_tmux_up gauge\nclaude_tmux_up 0";

export default answering({
  effect: "reads",
  examples: ["claude-tmux daemon metrics", "claude-tmux daemon metrics > /var/lib/node_exporter/claude-tmux.prom"],
  notes: "Without a daemon: claude_tmux_up 0, and exit code 1. The daemon's socket answers GET /metrics as well.",
  args: {},
  schema: async () => (await import("../results/daemon.ts")).Metrics,
  async answer(_, { paths }) {
    checkStateDir(paths.dir);
    try {
      return { is_up: true, text: (await fetchMetrics(paths.daemonSocket)).trimEnd() };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      return { is_up: false, text: DOWN };
    }
  },
  text: ({ text }) => text,
  isRaw: true,
  isTextOnly: true,
  exitCode: ({ is_up: isUp }) => (isUp ? 0 : 1),
});
