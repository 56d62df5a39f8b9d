import { config } from "../../lib/config.ts";
import { Watchdog } from "../../watchdog/watchdog.ts";
import { daemonArgs, idleExitArg, limitArg } from "../daemon/options.ts";
import { command } from "../define.ts";
import { readyFdArg, runRole } from "../run-role.ts";

const adoptArg = {
  type: "boolean",
  isInternal: true,
  description: "take over the daemon that runs already, whose watchdog was killed",
} as const;

export default command({
  effect: "changes",
  examples: ["claude-tmux watchdog run"],
  notes:
    "Exit code 0 when it was stopped or the daemon ended by itself, 1 after giving up or when its state folder was taken away. SIGTERM ends both; SIGUSR1 ends the watchdog alone, as watchdog stop --keep-daemon does.",
  args: { session: limitArg, "idle-exit": idleExitArg, "ready-fd": readyFdArg, adopt: adoptArg },
  run: (args, { server, paths }) =>
    runRole({
      paths,
      logFile: paths.watchdogLog,
      readyFd: args["ready-fd"],
      run: (log, onReady, signal) => {
        const limits = { session: args.session, idleExit: args["idle-exit"] };
        const policy = {
          baseMs: config.backoffBaseMs,
          limit: config.restartLimit,
          windowMs: config.restartWindowS * 1000,
        };
        const release = new AbortController();
        process.on("SIGUSR1", () => release.abort());
        return new Watchdog({
          paths,
          daemonArgs: daemonArgs(server, limits),
          adopt: args.adopt === true,
          log,
          policy,
          onReady,
          stop: signal,
          release: release.signal,
        }).run();
      },
    }),
});
