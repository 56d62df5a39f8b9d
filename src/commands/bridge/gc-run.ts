import { type Collected, collect, gcEvents, unsavedEvents } from "../../gc/collect.ts";
import { countKinds } from "../../gc/kinds.ts";
import { scheduleFile, USUAL_TTL_S } from "../../gc/schedule.ts";
import { tell } from "../tell.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("gc-run", {
  effect: "destroys",
  examples: [
    "claude-tmux gc-run --dry-run | jq '.collected, .kept'",
    "claude-tmux gc-run",
    "claude-tmux gc-run --ttl 24h",
  ],
  notes: `Ends the sessions that claude-tmux made and that nobody needs any more: nobody looks at them, nothing has happened there
for their time to live (session-create --ttl; else --ttl here, that of gc-enable, or 2 hours), no command and no job
runs there, nothing is typed at a prompt, and every pane was made by claude-tmux. One that was made with --owner-pid
ends when that process has ended, whatever runs in it. A session that somebody has renamed, or whose windows another
session shows, is somebody's; so is one in which a command of ours listens, or of which one waits for something (daemon
wait). What is in doubt stays: that nothing is typed is told by what a pane shows, a prompt and nothing behind it. With
its last session, a tmux server ends, too. Each session is saved before it ends, with what its panes show:
session-restore <session> brings it back, and of such snapshots the newest 1000 stay. One that can't be saved is kept,
and the exit code is 1. Processes that live on (nohup, setsid) are told of as survivors. They are ended only if gc-run
ended their session and it was made with --ttl or --owner-pid, and never if they serve others too (ssh-agent, a tmux
server), have a terminal or keep one. It also removes what commands of ours that were killed left behind, views of
sessions, state of tmux servers of this HOME that are no more, and events, logs and automatic snapshots that have been kept long
enough. Nothing is pressed and nothing is asked for that: --dry-run changes nothing at all.`,
  args: {
    "dry-run": { type: "boolean", description: "say what would be collected, and do none of it" },
    ttl: {
      type: "string",
      description: "the time to live of sessions whose makers gave none: seconds, or 30m, 2h",
      valueHint: "time",
      kind: "seconds",
    },
  },
  schema: async () => (await import("../results/gc.ts")).GarbageCollected,
  waits: ({ "dry-run": isDry }) =>
    isDry
      ? "a look at every session, to tell what would be collected"
      : "sessions to be saved and ended, and what is left over to be removed",
  async answer({ "dry-run": isDry = false, ttl }, { server, paths }) {
    const ttlS = ttl ?? scheduleFile.read(server)?.ttl_s ?? USUAL_TTL_S;
    const onCollected = (items: readonly Collected[]) => tell(paths, gcEvents(items));
    const { collected, kept, unsaved, survivors, ended } = await collect(server, paths, { ttlS, isDry, onCollected });
    if (!isDry) await tell(paths, unsavedEvents(unsaved));
    return {
      output: inWords(collected, { isDry, unsaved: unsaved.length }),
      exitCode: unsaved.length > 0 ? 1 : 0,
      details: { dry_run: isDry, ttl_s: ttlS, collected, kept, survivors, ended },
    };
  },
});

function inWords(collected: readonly Collected[], { isDry, unsaved }: { isDry: boolean; unsaved: number }): string {
  const what = collected.length === 0 ? "nothing" : countKinds(collected);
  const parts = [isDry ? `${what.replace(/^n/, "N")} would be collected` : `Collected: ${what}`];
  if (collected.some(({ kind }) => kind === "session"))
    parts.push(isDry ? "each session would be saved before" : "session-restore brings a session back");
  if (unsaved === 1) parts.push(`1 session stays, as it ${isDry ? "can't" : "could not"} be saved`);
  if (unsaved > 1) parts.push(`${unsaved} sessions stay, as they ${isDry ? "can't" : "could not"} be saved`);
  return parts.join("; ");
}
