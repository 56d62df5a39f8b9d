import type { LastRun } from "../../recovery/last-run.ts";
import { acquireRecoveryLock, recover, type StepReport } from "../../recovery/recover.ts";
import { requireTmux } from "../../tmux/run.ts";
import { type Context, command } from "../define.ts";
import { printJson, printText } from "../print.ts";
import { daemonArgs } from "./options.ts";

const forceArg = { type: "boolean", description: "also when the daemon is healthy" } as const;

export default command({
  effect: "changes",
  examples: ["claude-tmux daemon recover", "claude-tmux daemon recover --force"],
  notes:
    "Assess, stop, clean, rebuild, restart, verify. Labels, metadata, subscriptions and events are kept. Exit code 0 if the daemon works at the end. With --json, one object a step, and one for the whole.",
  args: { force: forceArg },
  async run({ force }, context) {
    requireTmux();
    await acquireRecoveryLock(context.paths);
    return recoverAndTell({ force: force === true }, context);
  },
});

/** What `daemon recover` does when it has its turn, and `daemon ensure` with an unhealthy daemon. */
export async function recoverAndTell(
  { force, as }: { force: boolean; as?: LastRun },
  context: Context,
): Promise<number> {
  const { server, paths, json, quiet } = context;
  const { recovered, verdict } = await recover({
    server,
    paths,
    force,
    ...(as ? { as } : {}),
    defaultArgs: daemonArgs(server, { session: undefined, idleExit: undefined }),
    onStep(report) {
      if (json) printJson(report);
      else if (!quiet) printText(line(report));
    },
  });
  if (json) printJson({ recovered, status: verdict });
  else if (!quiet)
    printText(recovered ? `Recovered: the daemon is ${verdict}` : "Nothing to do: the daemon is healthy");
  return 0;
}

function line({ step, name, ok, detail }: StepReport): string {
  return `[${step}/6] ${name.padEnd(8)} ${ok ? "" : "FAILED: "}${detail}`;
}
