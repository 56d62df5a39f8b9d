import { answering } from "../answering.ts";
import { followArg, followLog, linesArg, logText, readLog } from "../logs.ts";

export default answering({
  effect: "reads",
  examples: ["claude-tmux watchdog logs", "claude-tmux watchdog logs 200 --follow"],
  args: { lines: linesArg, follow: followArg },
  schema: async () => (await import("../results/daemon.ts")).LogEnd,
  answer({ lines }, { paths }) {
    const { lines: last } = readLog(paths.watchdogLog, lines);
    return { lines: last };
  },
  text: logText,
  isTextOnly: true,
  follow: ({ lines }, { paths }) => followLog(paths.watchdogLog, lines),
});
