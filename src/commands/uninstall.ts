import { escapeControls } from "../lib/plain-text.ts";
import { planUninstall, uninstall } from "../uninstall/uninstall.ts";
import { answering } from "./answering.ts";
import type { Uninstallation } from "./results/program.ts";

export default answering({
  effect: "destroys",
  examples: ["claude-tmux uninstall --dry-run", "claude-tmux uninstall", "claude-tmux uninstall --purge"],
  notes: `Ends the daemon and the watchdog of each tmux server, removes the files that install wrote and nobody has changed since,
and takes our hooks and options out of tmux: labels, metadata, and that sessions are ours. Sessions, panes and what runs
in them stay. --purge also removes the state folders (subscriptions, the event log, logs) and the snapshots. The program
itself is yours to remove, and so are lines that you have pasted (cron, Docker, Kubernetes): they start the daemon
again. Exit code 1 if something could not be taken away.`,
  args: {
    purge: { type: "boolean", description: "remove also all that was stored" },
    "dry-run": { type: "boolean", description: "say what would be taken away, and do none of it" },
  },
  schema: async () => (await import("./results/program.ts")).Uninstallation,
  async answer({ purge = false, "dry-run": isDry = false }, { server, paths }): Promise<Uninstallation> {
    const plan = await planUninstall(server, paths, { isPurge: purge });
    const { kept, next } = plan;
    if (isDry) return { dry_run: true, removed: plan.steps.map(({ what }) => what), kept, failed: [], next };
    const { done, failed } = await uninstall(plan);
    return { dry_run: false, removed: done, kept, failed, next };
  },
  exitCode: ({ failed }) => (failed.length === 0 ? 0 : 1),
  text({ dry_run: isDry, removed, kept, failed, next }, { quiet }) {
    if (quiet) return undefined;
    const lines = [
      ...(removed.length + failed.length === 0 ? ["Nothing of claude-tmux is installed"] : []),
      ...removed.map((what) => `${isDry ? "Would remove" : "Removed"}: ${what}`),
      ...failed.map(({ what, why }) => `Failed: ${what} (${why})`),
      ...kept.map(({ what, why }) => `Kept: ${what} (${why})`),
      ...(next.length > 0 ? ["Then:", ...next.map((line) => `  ${line}`)] : []),
    ];
    return escapeControls(lines.join("\n"));
  },
  isRaw: true,
});
