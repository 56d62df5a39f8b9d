import { command } from "../define.ts";
import { followArg, linesArg, showLog } from "../logs.ts";

export default command({
  effect: "reads",
  examples: ["claude-tmux watchdog logs", "claude-tmux watchdog logs 200 --follow"],
  args: { lines: linesArg, follow: followArg },
  run: ({ lines, follow }, { paths }) => showLog(paths.watchdogLog, { lines, follow: follow === true }),
});
