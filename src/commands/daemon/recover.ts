import type { LastRun } from "../../recovery/last-run.ts";
import { acquireRecoveryLock, recover } from "../../recovery/recover.ts";
import { requireTmux } from "../../tmux/run.ts";
import { listing, type Taste } from "../answering.ts";
import type { Context } from "../define.ts";
import type { RecoveryPart } from "../results/daemon.ts";
import { daemonArgs } from "./options.ts";

const forceArg = { type: "boolean", description: "also when the daemon is healthy" } as const;

export default listing({
  effect: "changes",
  examples: ["claude-tmux daemon recover", "claude-tmux daemon recover --force"],
  notes:
    "Assess, stop, clean, rebuild, restart, verify. Labels, metadata, subscriptions and events are kept. Exit code 0 if the daemon works at the end. With --json, one object a step, and one for the whole.",
  args: { force: forceArg },
  item: async () => (await import("../results/daemon.ts")).RecoveryPart,
  async *items({ force }, context) {
    requireTmux();
    using _turn = await acquireRecoveryLock(context.paths);
    yield* recovery({ force: force === true }, context);
  },
  text: partText,
});

/** What `daemon recover` does when it has its turn, and `daemon ensure` with an unhealthy daemon. */
export async function* recovery(
  options: { force: boolean; as?: LastRun },
  { server, paths }: Context,
): AsyncGenerator<RecoveryPart> {
  const defaultArgs = daemonArgs(server, { session: undefined, idleExit: undefined });
  const { recovered, verdict } = yield* recover({ server, paths, ...options, defaultArgs });
  yield { recovered, status: verdict };
}

/** What people are told of it. */
export function partText(part: RecoveryPart, { quiet }: Taste): string | undefined {
  if (quiet) return undefined;
  if ("step" in part) {
    const { step, name, ok, detail } = part;
    return `[${step}/6] ${name.padEnd(8)} ${ok ? "" : "FAILED: "}${detail}`;
  }
  return part.recovered ? `Recovered: the daemon is ${part.status}` : "Nothing to do: the daemon is healthy";
}
