import { stopWatchdogOnly } from "../../lifecycle/roles.ts";
import { stopForGood } from "../../recovery/stop.ts";
import { answering } from "../answering.ts";
import { stoppedText } from "../daemon/stop.ts";
import type { Stopped } from "../results/daemon.ts";

const keepDaemonArg = { type: "boolean", description: "stop the supervision only" } as const;

export default answering({
  effect: "destroys",
  examples: ["claude-tmux watchdog stop", "claude-tmux watchdog stop --keep-daemon"],
  notes: "Exit code 1 if nothing ran.",
  args: { "keep-daemon": keepDaemonArg },
  schema: async () => (await import("../results/daemon.ts")).Stopped,
  waits: () => "the watchdog to stop",
  async answer({ "keep-daemon": keepDaemon }, { server, paths }): Promise<Stopped & { isDaemonKept: boolean }> {
    if (!keepDaemon) return { stopped: await stopForGood(server, paths), isDaemonKept: false };
    const pid = await stopWatchdogOnly(paths);
    return { stopped: pid === undefined ? [] : [{ role: "watchdog", pid }], isDaemonKept: true };
  },
  data: ({ stopped }) => ({ stopped }),
  text(result, taste) {
    const text = stoppedText(result, taste);
    return text !== undefined && result.isDaemonKept ? `${text}; the daemon goes on` : text;
  },
  complaint({ stopped, isDaemonKept }) {
    return stopped.length > 0 ? undefined : `${isDaemonKept ? "Watchdog" : "Daemon"} is not running`;
  },
  exitCode: ({ stopped }) => (stopped.length === 0 ? 1 : 0),
});
