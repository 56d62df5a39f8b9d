import { poll } from "../../lib/wait.ts";
import { adopt } from "../../lifecycle/roles.ts";
import { readFinding, settledFinding } from "../../recovery/finding.ts";
import { type LastRun, lastRun, startAs } from "../../recovery/last-run.ts";
import { ensureAction } from "../../recovery/plan.ts";
import { acquireRecoveryLock } from "../../recovery/recover.ts";
import { listPanes } from "../../tmux/panes.ts";
import { requireTmux } from "../../tmux/run.ts";
import { command, type TerminalContext } from "../define.ts";
import { printJson, printText } from "../print.ts";
import { daemonArgs, idleExitArg, limitArg } from "./options.ts";
import { recoverAndTell } from "./recover.ts";
import { autoRestartArg } from "./start.ts";

/** How long a watchdog may wait for its next restart, by default. */
const WATCHDOG_MS = 40_000;

export default command({
  effect: "changes",
  examples: ["claude-tmux daemon ensure", "* * * * * claude-tmux daemon ensure --quiet   # in a crontab"],
  notes:
    "Exit code 0 when it works, 1 when it could not be made to. It is safe to run several at once: one of them does it. A daemon that ran before gets what it was started with, unless told otherwise.",
  args: { session: limitArg, "auto-restart": autoRestartArg, "idle-exit": idleExitArg },
  async run(args, context) {
    const { paths } = context;
    const limits = { session: args.session, idleExit: args["idle-exit"] };
    let finding = readFinding(paths);
    const look = () => {
      finding = readFinding(paths);
      return ensureAction(finding);
    };
    const settle = async () => {
      finding = await settledFinding(paths);
      return ensureAction(finding);
    };
    if ((await settle()) !== "nothing") {
      requireTmux();
      if (limits.session !== undefined) listPanes(context.server, limits.session); // one that is not there is a mistake
      // a watchdog in its back-off knows what it does, unless it hangs
      await poll(WATCHDOG_MS, 100, () => look() !== "wait");
      await acquireRecoveryLock(paths, () => look() === "nothing");
    }
    const action = await settle(); // who had the turn before may have done it
    if (action === "nothing") {
      const isNew = args["auto-restart"] === true && finding.daemon !== undefined && finding.watchdog === undefined;
      const own = () => lastRun(paths, context.server).args ?? daemonArgs(context.server, limits);
      const watchdog = isNew ? (await adopt(paths, own())).pid : finding.watchdog;
      return works({ ...finding, watchdog, words: "Daemon is running", isNew }, context);
    }
    const before = lastRun(paths, context.server);
    const own = daemonArgs(context.server, limits);
    const isLimited = args.session !== undefined || args["idle-exit"] !== undefined;
    const as: LastRun = {
      role: args["auto-restart"] ? "watchdog" : before.role,
      args: isLimited ? own : before.args,
    };
    if (action !== "start") return recoverAndTell({ force: false, as }, context);
    const started = await startAs(paths, as, own);
    const pidOf = (name: string) => started.find(({ role }) => role === name)?.pid;
    const runs = { daemon: pidOf("daemon"), watchdog: pidOf("watchdog"), verdict: "healthy" };
    return works({ ...runs, words: "Daemon started", isNew: runs.watchdog !== undefined }, context);
  },
});

/** Tells of what runs: the watchdog, too, if it is there only now. */
function works(
  runs: {
    daemon: number | undefined;
    watchdog: number | undefined;
    verdict: string;
    words: string;
    isNew: boolean;
  },
  { json, quiet }: TerminalContext,
): number {
  const { daemon, watchdog, verdict, words, isNew } = runs;
  if (json) printJson({ daemon_pid: daemon ?? null, watchdog_pid: watchdog ?? null, status: verdict });
  else if (!quiet) {
    printText(
      `${words}${daemon === undefined ? "" : ` (PID: ${daemon})`}${verdict === "healthy" ? "" : `, ${verdict}`}`,
    );
    if (isNew) printText(`Watchdog started (PID: ${watchdog})`);
  }
  return 0;
}
