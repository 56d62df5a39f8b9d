import { start } from "../../lifecycle/roles.ts";
import { listPanes } from "../../tmux/panes.ts";
import { requireTmux } from "../../tmux/run.ts";
import { answering, type Taste } from "../answering.ts";
import type { Context } from "../define.ts";
import type { Started } from "../results/daemon.ts";
import { daemonArgs, idleExitArg, limitArg } from "./options.ts";

/** Whether a watchdog is put over the daemon. */
export const autoRestartArg = {
  type: "boolean",
  description: "with a watchdog that restarts it when it crashes",
} as const;

export default answering({
  effect: "changes",
  examples: ["claude-tmux daemon start", "claude-tmux daemon start --auto-restart"],
  notes: "Exit code 1 if it runs already.",
  args: { session: limitArg, "auto-restart": autoRestartArg, "idle-exit": idleExitArg },
  schema: async () => (await import("../results/daemon.ts")).Started,
  answer: ({ session, "auto-restart": autoRestart, "idle-exit": idleExit }, context) =>
    startRoles({ session, idleExit, autoRestart: autoRestart === true }, context),
  text: startedText,
});

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
