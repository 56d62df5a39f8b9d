import { AppError } from "../../lib/errors.ts";
import { start } from "../../lifecycle/roles.ts";
import { runningAs } from "../../process/holder.ts";
import type { Role } from "../../process/identity.ts";
import { listPanes } from "../../tmux/panes.ts";
import { requireTmux } from "../../tmux/run.ts";
import { answering, type Taste } from "../answering.ts";
import type { Context } from "../define.ts";
import type { Started } from "../results/daemon.ts";
import { daemonArgs, idleExitArg, limitArg } from "./options.ts";
import { bringBack, cameBackText } from "./restore.ts";

/** Whether a watchdog is put over the daemon. */
export const autoRestartArg = {
  type: "boolean",
  description: "with a watchdog that restarts it when it crashes",
} as const;

const restoreArg = {
  type: "boolean",
  description:
    "then bring back, once after the machine was started anew, the sessions that were alive (daemon restore)",
} as const;

export default answering({
  effect: "changes",
  examples: [
    "claude-tmux daemon start",
    "claude-tmux daemon start --auto-restart",
    "@reboot claude-tmux daemon start --auto-restart --restore   # in a crontab",
  ],
  notes:
    "Exit code 1 if it runs already. With --restore that is no failure, and the exit code is 1 if a session could not be brought back.",
  args: { session: limitArg, "auto-restart": autoRestartArg, "idle-exit": idleExitArg, restore: restoreArg },
  schema: async () => (await import("../results/daemon.ts")).Started,
  waits: () => "the daemon to start",
  async answer({ session, "auto-restart": autoRestart, "idle-exit": idleExit, restore }, context) {
    const options = { session, idleExit, autoRestart: autoRestart === true };
    if (!restore) return { ...(await startRoles(options, context)), ran: false };
    const started = await startRoles(options, context).catch((thrown) => runningRoles(thrown, context));
    return { ran: false, ...started, sessions: await bringBack(context) };
  },
  data: ({ ran: _ran, ...started }): Started => started,
  text({ ran, sessions, ...roles }, taste) {
    const runs = ran && !taste.quiet ? `Daemon is running (PID: ${roles.daemon_pid})` : startedText(roles, taste);
    const came = sessions && cameBackText(sessions, taste);
    const lines = [runs, came].filter((line) => line !== undefined);
    return lines.length === 0 ? undefined : lines.join("\n");
  },
  exitCode: ({ sessions }) => (sessions === undefined || sessions.failed.length === 0 ? 0 : 1),
});

/** What runs already, where that is why nothing was started. */
function runningRoles(thrown: unknown, { paths }: Context): Started & { ran: true } {
  if (!(thrown instanceof AppError && thrown.code === "ERR_DAEMON_RUNNING")) throw thrown;
  const pidOf = (role: Role, lock: string) => runningAs(role, lock)?.pid ?? null;
  return {
    daemon_pid: pidOf("daemon", paths.daemonLock),
    watchdog_pid: pidOf("watchdog", paths.watchdogLock),
    ran: true,
  };
}

/** What `daemon start` and `watchdog start` do: check, start, tell what runs. */
export async function startRoles(
  options: { session: string | undefined; idleExit: number | undefined; autoRestart: boolean },
  { server, paths }: Context,
): Promise<Started> {
  requireTmux();
  const { session, idleExit, autoRestart } = options;
  if (session !== undefined) listPanes(server, session); // a daemon for a session that is not there is a mistake
  const role = autoRestart ? "watchdog" : "daemon";
  const started = await start(paths, { role, args: daemonArgs(server, { session, idleExit }) });
  const pidOf = (name: string) => started.find((process) => process.role === name)?.pid ?? null;
  return { daemon_pid: pidOf("daemon"), watchdog_pid: pidOf("watchdog") };
}

/** What people are told of it. */
export function startedText({ daemon_pid: daemon, watchdog_pid: watchdog }: Started, { quiet }: Taste) {
  if (quiet) return undefined;
  // no pid if another command has stopped it since
  const lines = [`Daemon started${daemon === null ? "" : ` (PID: ${daemon})`}`];
  if (watchdog !== null) lines.push(`Watchdog started (PID: ${watchdog})`);
  return lines.join("\n");
}
