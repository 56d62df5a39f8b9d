import { exists } from "../../lib/files.ts";
import { signalNames } from "../../lib/signals.ts";
import { RECEIVERS, signalPane } from "../../panes/signal.ts";
import { paneArg, sessionArg } from "../define.ts";
import { choice } from "../kinds.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-signal", {
  effect: "changes",
  examples: [
    "claude-tmux pane-signal dev build TERM",
    "claude-tmux pane-signal dev server HUP",
    "claude-tmux pane-signal dev 0 STOP --to tree",
  ],
  notes: `The signal goes to the job in the foreground of the pane (its process group, as Ctrl-C would); with --to shell, to the
pane's shell, and with --to tree, to all that the shell has started, jobs in the background and what has left the
terminal (setsid, nohup) included, but not to the shell. Each process is verified before it gets it; the answer says
which did. What serves all that its user runs (ssh-agent, gpg-agent …) does not get it, nor do a tmux server that was
started there, what runs in it, and our own daemon and watchdog.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    signal: {
      type: "positional",
      description: "the signal: TERM, SIGTERM or 15",
      required: true,
      values: signalNames(),
      kind: "signal",
    },
    to: { type: "string", description: "who gets it", default: "foreground", values: RECEIVERS },
  },
  schema: async () => (await import("../results/pane.ts")).Signalled,
  async answer({ session, pane: name, signal, to }, { server, paths }) {
    const { pane, members } = await signalPane(server, {
      session,
      pane: name,
      signal,
      to: choice("--to", to, RECEIVERS),
    });
    if (exists(paths.database)) {
      const { signalledEvent, tell } = await import("../tell.ts");
      await tell(paths, [signalledEvent(pane, "pane-signal", { signal, processes: members })]);
    }
    return { session, pane, output: "Signal sent", details: { signal, processes: members } };
  },
});
