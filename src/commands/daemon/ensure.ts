import { readFinding } from "../../recovery/finding.ts";
import { lastRun, startAs } from "../../recovery/last-run.ts";
import { ensureAction } from "../../recovery/plan.ts";
import { takeTurn } from "../../recovery/recover.ts";
import { requireTmux } from "../../tmux/run.ts";
import { type Context, command } from "../define.ts";
import { print, printJson } from "../print.ts";
import { daemonArgs, idleExitArg, limitArg, parseIdleExit, parseLimit } from "./options.ts";
import { recoverAndTell } from "./recover.ts";
import { autoRestartArg } from "./start.ts";

export default command({
  summary: "Make sure that the daemon works: start it, or recover it, if it does not",
  examples: ["claude-tmux daemon ensure", "* * * * * claude-tmux daemon ensure --quiet   # in a crontab"],
  notes:
    "Exit code 0 when it works, 1 when it could not be made to. Any number at once do it once. A daemon that ran before gets what it was started with, unless told otherwise.",
  args: { session: limitArg, "auto-restart": autoRestartArg, "idle-exit": idleExitArg },
  async run(args, context) {
    const { paths } = context;
    const limits = { session: parseLimit(args.session), idleExit: args["idle-exit"] };
    parseIdleExit(limits.idleExit);
    let finding = readFinding(paths);
    if (ensureAction(finding) === "nothing") return works(finding.daemon, finding.verdict, context);
    requireTmux();
    await takeTurn(paths);
    finding = readFinding(paths); // who had the turn before may have done it
    switch (ensureAction(finding)) {
      case "nothing":
        return works(finding.daemon, finding.verdict, context);
      case "recover":
        return recoverAndTell({ force: false }, context);
      case "start": {
        const isLimited = args.session !== undefined || args["idle-exit"] !== undefined;
        const before = lastRun(paths);
        const own = daemonArgs(context.server, limits);
        const role = args["auto-restart"] ? "watchdog" : before.role;
        const started = await startAs(paths, { role, args: isLimited ? own : before.args }, own);
        const pid = started.find((process) => process.role === "daemon")?.pid;
        return works(pid, "healthy", context, "Daemon started");
      }
    }
  },
});

function works(pid: number | undefined, status: string, { json, quiet }: Context, words = "Daemon is running"): number {
  if (json) printJson({ daemon_pid: pid ?? null, status });
  else if (!quiet)
    print(`${words}${pid === undefined ? "" : ` (PID: ${pid})`}${status === "healthy" ? "" : `, ${status}`}`);
  return 0;
}
