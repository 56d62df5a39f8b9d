import { existsSync } from "node:fs";
import { fetchStatus } from "../../ipc/client.ts";
import { otherVersion, type Status } from "../../ipc/protocol.ts";
import { humanDuration } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { VERSION } from "../../lib/self.ts";
import { runningAs } from "../../process/holder.ts";
import { failedCallbacks } from "../../store/callbacks.ts";
import { openStore } from "../../store/database.ts";
import { answering } from "../answering.ts";
import type { Context } from "../define.ts";
import type { StatusRow } from "../people/daemon.ts";
import type { DaemonState } from "../results/daemon.ts";

export default answering({
  effect: "reads",
  examples: ["claude-tmux daemon status", "claude-tmux daemon status --json"],
  notes: "Exit code 0 if it runs, 1 if not.",
  args: {},
  schema: async () => (await import("../results/daemon.ts")).DaemonState,
  async answer(_, { paths, server, ours }) {
    checkStateDir(paths.dir);
    const daemon = runningAs("daemon", paths.daemonLock);
    const watchdog = runningAs("watchdog", paths.watchdogLock);
    const account = daemon && { ...(await ask(paths.daemonSocket)), failing: failingSubscriptions(paths.database) };
    return { daemon, watchdog, account, socket: server.socket, folder: paths.dir, ours };
  },
  data({ daemon, watchdog, account }): DaemonState {
    const watchdogPid = { watchdog_pid: watchdog?.pid ?? null };
    if (!daemon) return { running: false, ...watchdogPid };
    const { pid } = daemon;
    if (!account?.status) return { running: true, pid, responding: false, ...watchdogPid };
    return { running: true, ...account.status, responding: true, ...watchdogPid };
  },
  text(state) {
    const rows = rowsOf(state).map(([name, text]) => `  ${`${name}:`.padEnd(16)}${text}`);
    return [headOf(state), ...rows].join("\n");
  },
  async people() {
    const { status } = await import("../people/daemon.ts");
    return (state, view) =>
      status({ head: headOf(state), isGood: state.daemon !== undefined, rows: rowsOf(state) }, view);
  },
  exitCode: ({ daemon }) => (daemon ? 0 : 1),
});

/** What is known of the daemon. */
interface State {
  daemon: { pid: number } | undefined;
  watchdog: { pid: number } | undefined;
  account: (Account & { failing: number }) | undefined;
  socket: string;
  folder: string;
  ours: Context["ours"];
}

function headOf({ daemon, watchdog, ours }: State): string {
  if (daemon) return `Daemon is running (PID: ${daemon.pid})`;
  const note = watchdog ? ` (its watchdog is: PID ${watchdog.pid}, see claude-tmux watchdog status)` : "";
  return ours(`Daemon is not running${note}`);
}

function rowsOf({ daemon, watchdog, account, socket, folder, ours }: State): StatusRow[] {
  if (!daemon || !account) return [];
  const { status, problem, failing } = account;
  const rows: StatusRow[] = status ? describe(status) : [["State", problem, "bad"]];
  const other = status && otherVersion(status.version, VERSION);
  if (other !== undefined) rows.unshift(["Version", other, "warn"]);
  if (failing > 0)
    rows.push(["Failing", `the last callbacks of ${count(failing, "subscription")}; see claude-tmux doctor`, "bad"]);
  rows.push(
    watchdog ? ["Watchdog", `running (PID: ${watchdog.pid})`] : ["Watchdog", "none"],
    ["tmux socket", socket],
    ["State folder", folder],
  );
  return rows.map(([name, text, tone]) => [name, ours(text), tone]);
}

function failingSubscriptions(database: string): number {
  if (!existsSync(database)) return 0;
  using store = openStore(database);
  return failedCallbacks(store, Date.now()).length;
}

/** What the daemon says of itself, or why it does not. */
interface Account {
  status: Status | undefined;
  problem: string;
}

/** No status, and why, for a daemon that hangs or speaks in another way: that it runs is true all the same. */
async function ask(socket: string): Promise<Account> {
  try {
    return { status: await fetchStatus(socket), problem: "" };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const { code, message, hint } = thrown;
    const isSilent = code === "ERR_TIMEOUT" || code === "ERR_DAEMON_NOT_RUNNING";
    const problem = isSilent ? "does not answer; see claude-tmux daemon health" : `${message}. ${hint ?? ""}`.trim();
    return { status: undefined, problem };
  }
}

function describe(status: Status): StatusRow[] {
  return [
    ["Uptime", humanDuration((Date.now() - status.started_at) / 1000)],
    [
      "Watching",
      `the output of ${status.watched_panes} of ${count(status.panes, "pane")}, in ${count(status.watched_sessions, "session")}`,
    ],
    ...agentsRow(status),
    ["Subscriptions", `${status.subscriptions}`],
    ["Events", `${status.events} in the log`],
    ["Callbacks", `${status.queue} queued, ${status.running_callbacks} running`],
    ["Memory", `${Math.round(status.memory_bytes / 1_000_000)} MB`],
  ];
}

/** None without a subscription to what one does. */
function agentsRow({ agents = {} }: Status): StatusRow[] {
  const text = Object.entries(agents).map(([state, n]) => `${n} ${state}`);
  const tone = agents.waiting ? "warn" : undefined;
  return text.length === 0 ? [] : [["Agents", text.join(", "), tone]];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
