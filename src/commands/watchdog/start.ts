import { idleExitArg, limitArg } from "../daemon/options.ts";
import { startAndTell } from "../daemon/start.ts";
import { command } from "../define.ts";

export default command({
  summary: "Start the daemon with a watchdog over it, in the background",
  examples: ["claude-tmux watchdog start"],
  notes: "The same as: claude-tmux daemon start --auto-restart. Exit code 1 if either runs already.",
  args: { session: limitArg, "idle-exit": idleExitArg },
  run: (args, context) => startAndTell({ ...args, autoRestart: true, idleExit: args["idle-exit"] }, context),
});
