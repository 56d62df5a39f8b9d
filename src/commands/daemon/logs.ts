import { command } from "../define.ts";
import { followArg, linesArg, showLog } from "../logs.ts";

export default command({
  effect: "reads",
  examples: ["claude-tmux daemon logs", "claude-tmux daemon logs 200 --follow"],
  args: { lines: linesArg, follow: followArg },
  run: ({ lines, follow }, { paths }) => showLog(paths.daemonLog, { lines, follow: follow === true }),
});
