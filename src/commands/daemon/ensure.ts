import type { Health } from "../../health/checks.ts";
import { poll } from "../../lib/wait.ts";
import { adopt } from "../../lifecycle/roles.ts";
import { readFinding, settledFinding } from "../../recovery/finding.ts";
import { type LastRun, lastRun, startAs } from "../../recovery/last-run.ts";
import { ensureAction } from "../../recovery/plan.ts";
import { acquireRecoveryLock } from "../../recovery/recover.ts";
import { listPanes } from "../../tmux/panes.ts";
import { requireTmux } from "../../tmux/run.ts";
import { listing, type Taste } from "../answering.ts";
import type { EnsuredPart, RecoveryPart } from "../results/daemon.ts";
import { daemonArgs, idleExitArg, limitArg } from "./options.ts";
import { partText, recovery } from "./recover.ts";
import { autoRestartArg } from "./start.ts";

/** How long a watchdog may wait for its next restart, by default. */
const WATCHDOG_MS = 40_000;

export default listing({
  effect: "changes",
  examples: ["claude-tmux daemon ensure", "* * * * * claude-tmux daemon ensure --quiet   # in a crontab"],
  notes:
    "Exit code 0 when it works, 1 when it could not be made to. It is safe to run several at once: one of them does it. A daemon that ran before gets what it was started with, unless told otherwise.",
  args: { session: limitArg, "auto-restart": autoRestartArg, "idle-exit": idleExitArg },
  item: async () => (await import("../results/daemon.ts")).EnsuredPart,
  async *items(args, context): AsyncGenerator<RecoveryPart | Running> {
    const { paths, server } = context;
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
    const turn = async () => {
      requireTmux();
      if (limits.session !== undefined) listPanes(server, limits.session); // one that is not there is a mistake
      // a watchdog in its back-off knows what it does, unless it hangs
      await poll(WATCHDOG_MS, 100, () => look() !== "wait");
      return acquireRecoveryLock(paths, () => look() === "nothing");
    };
    using _turn = (await settle()) === "nothing" ? undefined : await turn();
    const action = await settle(); // who had the turn before may have done it
    if (action === "nothing") {
      const isNew = args["auto-restart"] === true && finding.daemon !== undefined && finding.watchdog === undefined;
      const own = () => lastRun(paths, server).args ?? daemonArgs(server, limits);
      const watchdog = isNew ? (await adopt(paths, own())).pid : finding.watchdog;
      yield { ...finding, watchdog, words: "Daemon is running", isNew };
      return;
    }
    const before = lastRun(paths, server);
    const own = daemonArgs(server, limits);
    const isLimited = args.session !== undefined || args["idle-exit"] !== undefined;
    const as: LastRun = {
      role: args["auto-restart"] ? "watchdog" : before.role,
      args: isLimited ? own : before.args,
    };
    if (action !== "start") {
      yield* recovery({ force: false, as }, context);
      return;
    }
    const started = await startAs(paths, as, own);
    const pidOf = (name: string) => started.find(({ role }) => role === name)?.pid;
    const watchdog = pidOf("watchdog");
    const isNew = watchdog !== undefined;
    yield { daemon: pidOf("daemon"), watchdog, verdict: "healthy", words: "Daemon started", isNew };
  },
  data(part): EnsuredPart {
    if (!("words" in part)) return part;
    const { daemon, watchdog, verdict } = part;
    return { daemon_pid: daemon ?? null, watchdog_pid: watchdog ?? null, status: verdict };
  },
  text: (part, taste) => ("words" in part ? runningText(part, taste) : partText(part, taste)),
});

/** What runs, and how that is told. */
interface Running {
  daemon: number | undefined;
  watchdog: number | undefined;
  verdict: Health;
  words: string;
  /** whether the watchdog is there only now */
  isNew: boolean;
}

function runningText({ daemon, watchdog, verdict, words, isNew }: Running, { quiet }: Taste): string | undefined {
  if (quiet) return undefined;
  const runs = `${words}${daemon === undefined ? "" : ` (PID: ${daemon})`}${verdict === "healthy" ? "" : `, ${verdict}`}`;
  return isNew ? `${runs}\nWatchdog started (PID: ${watchdog})` : runs;
}
