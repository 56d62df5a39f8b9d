import { escapeControls } from "../lib/plain-text.ts";
import { foresee, uninstall } from "../uninstall/uninstall.ts";
import { answering } from "./answering.ts";
import type { Uninstallation } from "./results/program.ts";

export default answering({
  effect: "destroys",
  examples: [
    "claude-tmux uninstall --dry-run",
    "claude-tmux uninstall",
    "claude-tmux uninstall --purge",
    "claude-tmux uninstall --all --purge --dry-run",
  ],
  notes: `Ends the daemon and the watchdog of this tmux server (-L, -S, else that of $TMUX, else the default one), takes our hooks
and options out of it (labels, metadata, and that sessions are ours), and removes the files that install wrote for this
HOME, for this server or for all, and nobody has changed since. Sessions, panes and what runs in them stay. --purge also removes what was stored of
this server: its state folder (subscriptions, the event log, logs), its snapshots, and what is known of prompts.

Other tmux servers are left as they are, and are listed, each with the command that uninstalls it. --all takes in those
of this HOME (this XDG_STATE_HOME). What another HOME's daemon runs, or has stored, is never touched. Folders go with what
was in them, if claude-tmux has made them. The program itself is yours to remove (first see who still uses it), and so are
lines that you have pasted (cron, Docker, Kubernetes): they start the daemon again. Exit code 1 if something could not be
taken away; run it again then, as after a crash.`,
  args: {
    purge: { type: "boolean", description: "remove also all that was stored" },
    all: { type: "boolean", description: "all tmux servers of this HOME, not this one alone" },
    "dry-run": { type: "boolean", description: "say what would be taken away, and do none of it" },
  },
  schema: async () => (await import("./results/program.ts")).Uninstallation,
  async answer({ purge = false, all = false, "dry-run": isDry = false }, { server, paths }): Promise<Uninstallation> {
    const wanted = { isPurge: purge, isAll: all };
    const { plan, done, failed } = isDry
      ? await foresee(server, paths, wanted)
      : await uninstall(server, paths, wanted);
    const { scope, kept, left, stillUsed, next } = plan;
    return { dry_run: isDry, scope, removed: done, kept, failed, left, still_used: stillUsed ?? null, next };
  },
  exitCode: ({ failed }) => (failed.length === 0 ? 0 : 1),
  text(told, { quiet }) {
    return quiet ? undefined : escapeControls(linesOf(told).join("\n"));
  },
  isRaw: true,
});

function linesOf({
  dry_run: isDry,
  scope,
  removed,
  kept,
  failed,
  left,
  still_used: stillUsed,
  next,
}: Uninstallation): string[] {
  const isNothing = removed.length + failed.length === 0;
  const isAnything = kept.length + left.length > 0;
  return [
    ...(isDry ? [`Of ${scope}:`] : []),
    ...(isNothing ? [isAnything ? "Nothing is to be taken away" : "Nothing of claude-tmux is installed"] : []),
    ...removed.map((what) => `${isDry ? "Would remove" : "Removed"}: ${what}`),
    ...failed.map(({ what, why }) => `Failed: ${what} (${why})`),
    ...kept.map(({ what, why }) => `Kept: ${what} (${why})`),
    ...left.map(leftLine),
    ...(stillUsed === null ? [] : [stillUsed]),
    ...(next.length > 0 ? ["Then:", ...next.map((line) => `  ${line}`)] : []),
  ];
}

function leftLine({ server, role, pid, state, why, command, is_ours: isOurs }: Uninstallation["left"][number]): string {
  const what = role === null ? `no daemon, state in ${state}` : `${role} running, pid ${pid}`;
  const ways = [...(command === null ? [] : [command]), ...(isOurs ? ["--all"] : [])];
  return `Left: the tmux server ${server} (${what}; ${why})${ways.length > 0 ? `: ${ways.join(", or ")}` : ""}`;
}
