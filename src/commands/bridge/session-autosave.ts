import { humanDuration } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import { locate } from "../../panes/place.ts";
import { runningAs } from "../../process/holder.ts";
import { addWish } from "../../snapshots/wishes.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-autosave", {
  effect: "changes",
  examples: [
    "claude-tmux session-autosave dev",
    "claude-tmux session-autosave --all 10m --keep 5",
    "claude-tmux session-autosave dev 60 --scrollback",
  ],
  notes: `Has the daemon save a session, or all, until session-autosave-stop; also after the machine was started anew. The session
has to be there; --all is also for those that come. It is saved only if something has changed: soon after windows and
panes have, else as often as said. The newest 10 are kept (--keep), and of the others the last of each hour for a day,
and of each day for a week. Of a session that has been gone for a week only the last one stays, once there are more than
1000 snapshots in all, and that of 1000 such sessions. What panes show is saved only with --scrollback. After the
machine was started anew, daemon restore brings back what was alive.`,
  args: {
    session: { ...sessionArg, required: true, unless: "all" },
    seconds: { type: "positional", description: "how often: seconds, or 30s, 5m", default: "300", kind: "seconds" },
    all: { type: "boolean", description: "all sessions for which nothing else was asked, also those that come" },
    keep: {
      type: "string",
      description: "how many of the newest are kept",
      valueHint: "N",
      default: "10",
      kind: "count",
    },
    scrollback: { type: "boolean", description: "with what the panes show" },
  },
  schema: async () => (await import("../results/snapshot.ts")).AutosaveSet,
  async answer({ session, seconds, all, keep, scrollback }, { server, paths }) {
    if (seconds < 1) throw new AppError("ERR_INVALID_ARGUMENT", "A session is saved every second at most");
    // as it is called, which need not be the word that tmux is told
    const name = all ? undefined : locate(server, { session, pane: undefined }).name;
    await addWish(server, name, { every_s: seconds, keep, scrollback: scrollback === true });
    const isRunning = runningAs("daemon", paths.daemonLock) !== undefined;
    const warning = "No daemon runs, so nothing is saved yet: claude-tmux daemon start --auto-restart";
    const what = all ? "all sessions" : `"${name}"`;
    return {
      ...(!all && { session }),
      output: `The daemon saves ${what} when something has changed, every ${humanDuration(seconds)} at least`,
      details: { enabled: true, ...(!isRunning && { warning }) },
    };
  },
});
