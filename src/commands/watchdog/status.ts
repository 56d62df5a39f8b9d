import { humanDuration } from "../../lib/clock.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { runningAs } from "../../process/holder.ts";
import { readWatchdogStatus, type WatchdogStatus } from "../../watchdog/status.ts";
import { answering } from "../answering.ts";

export default answering({
  effect: "reads",
  examples: ["claude-tmux watchdog status"],
  notes: "Exit code 0 if it runs, 1 if not or if it gave up.",
  args: {},
  schema: async () => (await import("../results/watchdog.ts")).WatchdogState,
  answer(_, { paths }) {
    checkStateDir(paths.dir);
    return { watchdog: runningAs("watchdog", paths.watchdogLock), status: readWatchdogStatus(paths.watchdogStatus) };
  },
  data: ({ watchdog, status }) => ({ running: watchdog !== undefined, pid: watchdog?.pid ?? null, ...status }),
  text({ watchdog, status }) {
    const account = status ? describe(status) : [];
    if (!watchdog) {
      if (status?.state !== "gave-up") return "Watchdog is not running";
      return [`Watchdog gave up: the daemon ${status.last_exit}`, ...account].join("\n");
    }
    const { pid, startedAt } = watchdog;
    const uptime = startedAt === undefined ? [] : [`  Uptime:     ${humanDuration((Date.now() - startedAt) / 1000)}`];
    return [`Watchdog is running (PID: ${pid})`, ...uptime, ...account].join("\n");
  },
  exitCode: ({ watchdog }) => (watchdog ? 0 : 1),
});

function describe(status: WatchdogStatus): string[] {
  const due =
    status.next_restart_at === null
      ? ""
      : `, the next in ${humanDuration((status.next_restart_at - Date.now()) / 1000)}`;
  return [
    `  Daemon:     ${status.daemon_pid === null ? "not running" : `PID ${status.daemon_pid}`}`,
    `  Restarts:   ${status.recent_restarts} recent, ${status.total_restarts} total${due}`,
    ...(status.last_exit === null ? [] : [`  Last exit:  the daemon ${status.last_exit}`]),
  ];
}
