import { humanDuration } from "../../lib/clock.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { runningAs } from "../../process/holder.ts";
import { readWatchdogStatus, type WatchdogStatus } from "../../watchdog/status.ts";
import { command } from "../define.ts";
import { printJson, printText } from "../print.ts";

export default command({
  effect: "reads",
  examples: ["claude-tmux watchdog status"],
  notes: "Exit code 0 if it runs, 1 if not or if it gave up.",
  args: {},
  run(_, { paths, json }) {
    checkStateDir(paths.dir);
    const watchdog = runningAs("watchdog", paths.watchdogLock);
    const status = readWatchdogStatus(paths.watchdogStatus);
    if (json) printJson({ running: watchdog !== undefined, pid: watchdog?.pid ?? null, ...status });
    else if (watchdog) {
      printText(`Watchdog is running (PID: ${watchdog.pid})`);
      if (watchdog.startedAt !== undefined)
        printText(`  Uptime:     ${humanDuration((Date.now() - watchdog.startedAt) / 1000)}`);
      if (status) printText(describe(status));
    } else if (status?.state === "gave-up")
      printText(`Watchdog gave up: the daemon ${status.last_exit}\n${describe(status)}`);
    else printText("Watchdog is not running");
    return watchdog ? 0 : 1;
  },
});

function describe(status: WatchdogStatus): string {
  const due =
    status.next_restart_at === null
      ? ""
      : `, the next in ${humanDuration((status.next_restart_at - Date.now()) / 1000)}`;
  return [
    `  Daemon:     ${status.daemon_pid === null ? "not running" : `PID ${status.daemon_pid}`}`,
    `  Restarts:   ${status.recent_restarts} recent, ${status.total_restarts} total${due}`,
    ...(status.last_exit === null ? [] : [`  Last exit:  the daemon ${status.last_exit}`]),
  ].join("\n");
}
