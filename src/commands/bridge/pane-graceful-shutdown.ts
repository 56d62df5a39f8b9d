import { type Sent, shutDown } from "../../panes/shutdown.ts";
import type { Pane } from "../../tmux/panes.ts";
import { paneArg, placeWords, sessionArg, timeoutArg } from "../define.ts";
import { signalledEvent, tell } from "../tell.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-graceful-shutdown", {
  effect: "destroys",
  examples: [
    "claude-tmux pane-graceful-shutdown dev server",
    "claude-tmux pane-graceful-shutdown dev build 30 | jq .method",
  ],
  notes: `Ctrl-C, then SIGTERM, then SIGKILL, until the job in the foreground has ended and the shell is back at its prompt. Of
<seconds> the first two have 40 % each. method says which it took: "interrupt", "terminate" or "kill", or "none" if
nothing ran there. The pane and its shell stay, and so do jobs that are stopped or in the background, those of a shell
in the shell, too; a pane whose program is no shell ends with that (pane_ended). survivors lists processes of the job
that live on all the same.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    seconds: {
      type: "positional",
      description: "how long it may take: seconds, or 30s, 5m; or --timeout",
      default: "10",
      kind: "seconds",
      unless: "timeout",
    },
    timeout: timeoutArg,
  },
  schema: async () => (await import("../results/pane.ts")).ShutDown,
  waits: (place) => `the end of the job in ${placeWords(place)}`,
  async answer({ session, pane: name, seconds, timeout }, context) {
    const options = { session, pane: name, seconds: timeout ?? seconds ?? 10, stateDir: () => context.paths.dir };
    const told: Promise<void>[] = [];
    const onSent = (pane: Pane, sent: Sent) =>
      void told.push(tell(context.paths, [signalledEvent(pane, "pane-graceful-shutdown", sent)]));
    const shut = (signal: AbortSignal) => shutDown(context.server, { ...options, signal, onSent });
    const ended = await context.interruptible(shut).finally(() => Promise.all(told));
    const { pane, method, exitCode, durationMs, paneEnded, survivors } = ended;
    const details = { method, exit_code: exitCode ?? null, duration_ms: durationMs, survivors };
    const output = method === "none" ? "Nothing ran" : "Job ended";
    return { session, pane, output, details: paneEnded ? { ...details, pane_ended: true as const } : details };
  },
});
