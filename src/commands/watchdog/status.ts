import { humanDuration } from "../../lib/clock.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { runningAs } from "../../process/holder.ts";
import { readWatchdogStatus, type WatchdogStatus } from "../../watchdog/status.ts";
import { answering } from "../answering.ts";
import type { StatusRow } from "../people/daemon.ts";

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
  text(state) {
    const rows = rowsOf(state).map(([name, text]) => `  ${`${name}:`.padEnd(12)}${text}`);
    return [headOf(state), ...rows].join("\n");
  },
  async people() {
    const { status } = await import("../people/daemon.ts");
    return (state, view) =>
      status({ head: headOf(state), isGood: state.watchdog !== undefined, rows: rowsOf(state) }, view);
  },
  exitCode: ({ watchdog }) => (watchdog ? 0 : 1),
});

/** What is known of the watchdog. */
interface State {
  watchdog: { pid: number; startedAt?: number | undefined } | undefined;
  status: WatchdogStatus | undefined;
}

function headOf({ watchdog, status }: State): string {
  if (watchdog) return `Watchdog is running (PID: ${watchdog.pid})`;
  return status?.state === "gave-up" ? `Watchdog gave up: the daemon ${status.last_exit}` : "Watchdog is not running";
}

function rowsOf({ watchdog, status }: State): StatusRow[] {
  const account = status ? describe(status) : [];
  if (!watchdog) return status?.state === "gave-up" ? account : [];
  const { startedAt } = watchdog;
  const uptime = startedAt === undefined ? "" : humanDuration((Date.now() - startedAt) / 1000);
  return uptime === "" ? account : [["Uptime", uptime], ...account];
}

function describe(status: WatchdogStatus): StatusRow[] {
  const { daemon_pid: pid, next_restart_at: next, recent_restarts: recent, last_exit: exit } = status;
  const due = next === null ? "" : `, the next in ${humanDuration((next - Date.now()) / 1000)}`;
  return [
    pid === null ? ["Daemon", "not running", "bad"] : ["Daemon", `PID ${pid}`],
    ["Restarts", `${recent} recent, ${status.total_restarts} total${due}`, recent > 0 ? "warn" : undefined],
    ...(exit === null ? [] : [["Last exit", `the daemon ${exit}`] as const]),
  ];
}
