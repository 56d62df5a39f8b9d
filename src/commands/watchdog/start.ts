import { config } from "../../lib/config.ts";
import { idleExitArg, limitArg } from "../daemon/options.ts";
import { startAndTell } from "../daemon/start.ts";
import { command } from "../define.ts";
import run from "./run.ts";

export default command({
  effect: "changes",
  examples: ["claude-tmux watchdog start"],
  notes:
    "The same as: claude-tmux daemon start --auto-restart. Exit code 1 if either runs already. Started by systemd itself (Type=simple, ExecStart=… watchdog start), it stays in the foreground, as watchdog run does.",
  args: { session: limitArg, "idle-exit": idleExitArg },
  run(args, context) {
    // a service whose process ends at once would count as ended
    const isService = config.systemdExecPid === process.pid;
    if (isService) return run.run({ ...args, "ready-fd": undefined, adopt: undefined } as never, context);
    return startAndTell({ ...args, autoRestart: true, idleExit: args["idle-exit"] }, context);
  },
});
