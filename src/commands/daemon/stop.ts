import { stopForGood } from "../../recovery/stop.ts";
import { answering, type Taste } from "../answering.ts";
import type { Stopped } from "../results/daemon.ts";

export default answering({
  effect: "destroys",
  examples: ["claude-tmux daemon stop"],
  notes: "SIGTERM first, SIGKILL after five seconds. Exit code 1 if nothing ran.",
  args: {},
  schema: async () => (await import("../results/daemon.ts")).Stopped,
  waits: () => "the daemon to stop",
  answer: async (_, { server, paths }) => ({ stopped: await stopForGood(server, paths) }),
  text: stoppedText,
  complaint: ({ stopped }) => (stopped.length === 0 ? "Daemon is not running" : undefined),
  exitCode: ({ stopped }) => (stopped.length === 0 ? 1 : 0),
});

/** What people are told of what was stopped. */
export function stoppedText({ stopped }: Stopped, { quiet }: Taste): string | undefined {
  if (quiet) return undefined;
  return stopped
    .map(({ role, pid }) => `${role === "daemon" ? "Daemon" : "Watchdog"} stopped (PID: ${pid})`)
    .join("\n");
}
