import { AppError } from "../../lib/errors.ts";
import { isInCallback, stop } from "../../lifecycle/roles.ts";
import { lastRun, noteLastRun, startAs } from "../../recovery/last-run.ts";
import { acquireRecoveryLock, describeProcesses } from "../../recovery/recover.ts";
import { requireTmux } from "../../tmux/run.ts";
import { answering } from "../answering.ts";
import { daemonArgs } from "./options.ts";

function inCallback(): AppError {
  return new AppError("ERR_COMMAND_FAILED", "A callback ends with its daemon, and can't start it again", {
    hint: "Let it go on by itself: setsid -f claude-tmux daemon restart",
  });
}

export default answering({
  effect: "changes",
  examples: ["claude-tmux daemon restart"],
  notes: "It gets the arguments that it was started with. One that does not run is started.",
  args: {},
  schema: async () => (await import("../results/daemon.ts")).Restarted,
  waits: () => "the daemon to start again",
  async answer(_, { server, paths }) {
    requireTmux();
    if (isInCallback(paths)) throw inCallback();
    using _turn = await acquireRecoveryLock(paths);
    const before = lastRun(paths, server);
    noteLastRun(paths, before);
    const stopped = await stop(paths);
    const started = await startAs(paths, before, daemonArgs(server, { session: undefined, idleExit: undefined }));
    return { stopped, started };
  },
  text: ({ started }, { quiet }) => (quiet ? undefined : `Daemon restarted (${describeProcesses(started)})`),
});
