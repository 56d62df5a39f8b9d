import { runDaemon } from "../../daemon/daemon.ts";
import { command } from "../define.ts";
import { readyFdArg, runRole } from "../run-role.ts";
import { idleExitArg, limitArg, parseIdleExit, parseLimit } from "./options.ts";

export default command({
  summary: "Run the event daemon in the foreground, for systemd, Docker or debugging",
  examples: ["claude-tmux daemon run", "claude-tmux daemon run dev --idle-exit 600"],
  args: { session: limitArg, "idle-exit": idleExitArg, "ready-fd": readyFdArg },
  run: (args, { server, paths }) =>
    runRole({
      paths,
      logFile: paths.daemonLog,
      readyFd: args["ready-fd"],
      run: (log, onReady, signal) => {
        const session = parseLimit(args.session);
        const idleExitS = parseIdleExit(args["idle-exit"]);
        return runDaemon({ server, paths, log, session, idleExitS, onReady, signal });
      },
    }),
});
