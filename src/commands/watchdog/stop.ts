import { stopWatchdogOnly } from "../../lifecycle/roles.ts";
import { stopAndTell } from "../daemon/stop.ts";
import { type Context, command } from "../define.ts";
import { print, printError, printJson } from "../print.ts";

const keepDaemonArg = { type: "boolean", description: "stop the supervision only" } as const;

export default command({
  effect: "destroys",
  examples: ["claude-tmux watchdog stop", "claude-tmux watchdog stop --keep-daemon"],
  notes: "Exit code 1 if nothing ran.",
  args: { "keep-daemon": keepDaemonArg },
  run: (args, context) => (args["keep-daemon"] ? stopWatchdog(context) : stopAndTell(context)),
});

async function stopWatchdog({ paths, json, quiet }: Context): Promise<number> {
  const pid = await stopWatchdogOnly(paths);
  if (json) printJson({ stopped: pid === undefined ? [] : [{ role: "watchdog", pid }] });
  else if (pid === undefined) printError("Watchdog is not running");
  else if (!quiet) print(`Watchdog stopped (PID: ${pid}); the daemon goes on`);
  return pid === undefined ? 1 : 0;
}
