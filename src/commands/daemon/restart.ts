import { stop } from "../../lifecycle/roles.ts";
import { lastRun, noteLastRun, startAs } from "../../recovery/last-run.ts";
import { acquireRecoveryLock, describeProcesses } from "../../recovery/recover.ts";
import { requireTmux } from "../../tmux/run.ts";
import { command } from "../define.ts";
import { printJson, printText } from "../print.ts";
import { daemonArgs } from "./options.ts";

export default command({
  effect: "changes",
  examples: ["claude-tmux daemon restart"],
  notes: "It gets the arguments that it was started with. One that does not run is started.",
  args: {},
  async run(_, { server, paths, json, quiet }) {
    requireTmux();
    await acquireRecoveryLock(paths);
    const before = lastRun(paths, server);
    noteLastRun(paths, before);
    const stopped = await stop(paths);
    const runs = await startAs(paths, before, daemonArgs(server, { session: undefined, idleExit: undefined }));
    if (json) printJson({ stopped, started: runs });
    else if (!quiet) printText(`Daemon restarted (${describeProcesses(runs)})`);
    return 0;
  },
});
