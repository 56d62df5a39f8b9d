import { stop } from "../../lifecycle/roles.ts";
import { type Context, command } from "../define.ts";
import { print, printError, printJson } from "../print.ts";

export default command({
  effect: "destroys",
  examples: ["claude-tmux daemon stop"],
  notes: "SIGTERM first, SIGKILL after five seconds. Exit code 1 if nothing ran.",
  args: {},
  run: (_, context) => stopAndTell(context),
});

/** What `daemon stop` and `watchdog stop` do. */
export async function stopAndTell({ paths, json, quiet }: Context): Promise<number> {
  const stopped = await stop(paths);
  if (json) printJson({ stopped });
  else if (stopped.length === 0) printError("Daemon is not running");
  else if (!quiet)
    for (const { role, pid } of stopped) print(`${role === "daemon" ? "Daemon" : "Watchdog"} stopped (PID: ${pid})`);
  return stopped.length > 0 ? 0 : 1;
}
