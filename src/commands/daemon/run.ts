import { runDaemon } from "../../daemon/daemon.ts";
import { startBackground } from "../../process/background.ts";
import { command } from "../define.ts";
import { readyFdArg, runRole } from "../run-role.ts";
import { daemonArgs, idleExitArg, limitArg } from "./options.ts";

const READY_MS = 10_000;

const supervisedArg = {
  type: "boolean",
  isInternal: true,
  description: "as a watchdog runs it: if that is killed, start another one, which takes over this daemon",
} as const;

/** Starts the watchdog that takes over from one that was killed. */
async function startHeir(log: string, args: string[]): Promise<void> {
  const words = ["watchdog", "run", ...args, "--adopt"];
  await startBackground({ args: words, log, timeoutMs: READY_MS, isKilledLate: true });
}

export default command({
  effect: "changes",
  examples: ["claude-tmux daemon run", "claude-tmux daemon run dev --idle-exit 600"],
  args: { session: limitArg, "idle-exit": idleExitArg, "ready-fd": readyFdArg, supervised: supervisedArg },
  run: (args, { server, paths }) =>
    runRole({
      paths,
      logFile: paths.daemonLog,
      readyFd: args["ready-fd"],
      run: (log, onReady, signal) => {
        const session = args.session;
        const idleExitS = args["idle-exit"];
        const own = daemonArgs(server, { session, idleExit: args["idle-exit"] });
        return runDaemon({
          server,
          paths,
          log,
          session,
          idleExitS,
          args: own,
          isSupervised: args.supervised === true,
          startWatchdog: () => startHeir(paths.watchdogLog, own),
          onReady,
          signal,
        });
      },
    }),
});
