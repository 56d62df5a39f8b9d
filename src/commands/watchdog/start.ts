import { config } from "../../lib/config.ts";
import { answering } from "../answering.ts";
import { idleExitArg, limitArg } from "../daemon/options.ts";
import { startedText, startRoles } from "../daemon/start.ts";
import run from "./run.ts";

const start = answering({
  effect: "changes",
  examples: ["claude-tmux watchdog start"],
  notes:
    "The same as: claude-tmux daemon start --auto-restart. Exit code 1 if either runs already. Started by systemd itself (Type=simple, ExecStart=… watchdog start), it stays in the foreground, as watchdog run does.",
  args: { session: limitArg, "idle-exit": idleExitArg },
  schema: async () => (await import("../results/daemon.ts")).Started,
  waits: () => "the daemon to start",
  answer: ({ session, "idle-exit": idleExit }, context) =>
    startRoles({ session, idleExit, autoRestart: true }, context),
  text: startedText,
});

export default {
  ...start,
  run(args: Parameters<typeof start.run>[0], context: Parameters<typeof start.run>[1]) {
    // a service whose process ends at once would count as ended
    const isService = config.systemdExecPid === process.pid;
    if (isService) return run.run({ ...args, "ready-fd": undefined, adopt: undefined } as never, context);
    return start.run(args, context);
  },
};
