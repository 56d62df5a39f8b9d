import { start } from "../../lifecycle/roles.ts";
import { listPanes } from "../../tmux/panes.ts";
import { requireTmux } from "../../tmux/run.ts";
import { type Context, command } from "../define.ts";
import { print, printJson } from "../print.ts";
import { daemonArgs, idleExitArg, limitArg } from "./options.ts";

/** Whether a watchdog is put over the daemon. */
export const autoRestartArg = {
  type: "boolean",
  description: "with a watchdog that restarts it when it crashes",
} as const;

export default command({
  effect: "changes",
  examples: ["claude-tmux daemon start", "claude-tmux daemon start --auto-restart"],
  notes: "Exit code 1 if it runs already.",
  args: { session: limitArg, "auto-restart": autoRestartArg, "idle-exit": idleExitArg },
  run: (args, context) =>
    startAndTell({ ...args, autoRestart: args["auto-restart"] === true, idleExit: args["idle-exit"] }, context),
});

/** What `daemon start` and `watchdog start` do: check, start, say what runs. */
export async function startAndTell(
  options: { session?: string | undefined; idleExit: number | undefined; autoRestart: boolean },
  { server, paths, json, quiet }: Context,
): Promise<number> {
  requireTmux();
  const session = options.session;
  if (session !== undefined) listPanes(server, session); // a daemon for a session that is not there is a mistake
  const role = options.autoRestart ? "watchdog" : "daemon";
  const started = await start(paths, { role, args: daemonArgs(server, { session, idleExit: options.idleExit }) });
  const pidOf = (name: string) => started.find((process) => process.role === name)?.pid;
  if (json) printJson({ daemon_pid: pidOf("daemon") ?? null, watchdog_pid: pidOf("watchdog") ?? null });
  else if (!quiet) {
    const pid = pidOf("daemon"); // none if another command has stopped it since
    print(`Daemon started${pid === undefined ? "" : ` (PID: ${pid})`}`);
    if (options.autoRestart) print(`Watchdog started (PID: ${pidOf("watchdog")})`);
  }
  return 0;
}
