import { readFinding } from "../../recovery/finding.ts";
import { unwrittenOf } from "../../recovery/plan.ts";
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
  async answer(_, { server, paths, note }) {
    const unwritten = unwrittenOf(readFinding(paths));
    const stopped = await stopForGood(server, paths);
    if (unwritten > 0 && stopped.length > 0)
      note(`Events that could not be written down (${unwritten} a moment ago: is the disk full?) may be lost`);
    return { stopped };
  },
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
