import { fetchMetrics } from "../../ipc/client.ts";
import { AppError } from "../../lib/errors.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { command } from "../define.ts";
import { print } from "../print.ts";

export default command({
  effect: "reads",
  examples: ["claude-tmux daemon metrics", "claude-tmux daemon metrics > /var/lib/node_exporter/claude-tmux.prom"],
  notes: "Without a daemon: claude_tmux_up 0, and exit code 1. The daemon's socket answers GET /metrics as well.",
  args: {},
  async run(_, { paths }) {
    checkStateDir(paths.dir);
    try {
      print((await fetchMetrics(paths.daemonSocket)).trimEnd());
      return 0;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      print("# HELP claude_tmux_up Whether the event daemon runs.\n# TYPE claude_tmux_up gauge\nclaude_tmux_up 0");
      return 1;
    }
  },
});
