import type { Command } from "./define.ts";

/** A command in the table: its one-line summary, and how to load the rest only when it is called. */
export interface Entry {
  summary: string;
  load: () => Promise<{ default: Command }>;
}

/** The families of subcommands. */
export type Family = "bridge" | "daemon" | "watchdog";

// The one cast: a command's own argument types are its own business; the dispatcher passes what the parser made.
const entry = (summary: string, load: () => Promise<{ default: unknown }>): Entry => ({
  summary,
  load: load as Entry["load"],
});

/** Every command of every family, in the order that help shows. Adding one: a file, and a line here. */
export const FAMILIES: Record<Family, Record<string, Entry>> = {
  bridge: {
    "session-create": entry(
      "make a session; its first pane is labelled main",
      () => import("./bridge/session-create.ts"),
    ),
    "session-list": entry("list all sessions", () => import("./bridge/session-list.ts")),
    "session-kill": entry("end a session and what runs in it", () => import("./bridge/session-kill.ts")),
    "pane-create": entry("add a pane, with a label if you like", () => import("./bridge/pane-create.ts")),
    "pane-create-with-layout": entry(
      "add a pane and arrange the window in a layout",
      () => import("./bridge/pane-create-with-layout.ts"),
    ),
    "pane-kill": entry("end a pane and what runs in it", () => import("./bridge/pane-kill.ts")),
    "pane-status": entry("print all that is known of a pane", () => import("./bridge/pane-status.ts")),
    "pane-is-running": entry("say whether something runs in a pane", () => import("./bridge/pane-is-running.ts")),
    "pane-exec": entry("type a command into a pane, byte for byte, and Enter", () => import("./bridge/pane-exec.ts")),
    "pane-exec-timeout": entry("type a command and wait for its end", () => import("./bridge/pane-exec-timeout.ts")),
    "pane-wait": entry("wait until what runs in a pane has ended", () => import("./bridge/pane-wait.ts")),
    "pane-run": entry("run a command; get its output and exit code", () => import("./bridge/pane-run.ts")),
    "pane-capture": entry("print the last lines of a pane", () => import("./bridge/pane-capture.ts")),
    "pane-watch": entry("print the last lines that match a pattern", () => import("./bridge/pane-watch.ts")),
    "pane-watch-timeout": entry("wait for a line that matches", () => import("./bridge/pane-watch-timeout.ts")),
    "pane-has-pattern": entry(
      "say whether one of the last lines matches",
      () => import("./bridge/pane-has-pattern.ts"),
    ),
    "pane-list-json": entry("list the panes of a session", () => import("./bridge/pane-list-json.ts")),
    "pane-list-detailed": entry("list them with all that is known", () => import("./bridge/pane-list-detailed.ts")),
    "pane-find": entry("find a pane by its label", () => import("./bridge/pane-find.ts")),
    "pane-count": entry("count the panes of a session", () => import("./bridge/pane-count.ts")),
    "pane-metadata-set": entry("note a value with a pane", () => import("./bridge/pane-metadata-set.ts")),
    "pane-metadata-get": entry("print a value that was noted", () => import("./bridge/pane-metadata-get.ts")),
    "pane-stream": entry("print every new line of a pane as it comes", () => import("./bridge/pane-stream.ts")),
    "pane-tail": entry("print the last lines, and then every new one", () => import("./bridge/pane-tail.ts")),
  },
  daemon: {
    start: entry("start the event daemon in the background", () => import("./daemon/start.ts")),
    run: entry("run the event daemon in the foreground", () => import("./daemon/run.ts")),
    stop: entry("stop the daemon, and its watchdog if there is one", () => import("./daemon/stop.ts")),
    status: entry("say whether it runs, and what it does", () => import("./daemon/status.ts")),
    health: entry("print healthy, degraded or unhealthy", () => import("./daemon/health.ts")),
    heartbeat: entry("say how old the daemon's last heartbeat is", () => import("./daemon/heartbeat.ts")),
    logs: entry("print the daemon's log", () => import("./daemon/logs.ts")),
    subscribe: entry("be told of what happens in a pane", () => import("./daemon/subscribe.ts")),
    subscriptions: entry("list the subscriptions", () => import("./daemon/subscriptions.ts")),
    unsubscribe: entry("end a subscription", () => import("./daemon/unsubscribe.ts")),
    events: entry("print the event log, one JSON object a line", () => import("./daemon/events.ts")),
  },
  watchdog: {
    start: entry("start daemon and watchdog in the background", () => import("./watchdog/start.ts")),
    run: entry("run the watchdog in the foreground", () => import("./watchdog/run.ts")),
    stop: entry("stop watchdog and daemon", () => import("./watchdog/stop.ts")),
    status: entry(
      "say whether it runs, and how often it had to restart the daemon",
      () => import("./watchdog/status.ts"),
    ),
    logs: entry("print the watchdog's log", () => import("./watchdog/logs.ts")),
  },
};

/** Commands that belong to no family. */
export const COMMANDS: Record<string, Entry> = {
  demo: entry("see all of it work, on a tmux server of its own", () => import("./demo.ts")),
  version: entry("print the version", () => import("./version.ts")),
};

/** What help says about each family. */
export const FAMILY_SUMMARIES: Record<Family, string> = {
  bridge: "drive sessions and panes, and get JSON back",
  daemon: "be told of events in panes, at once",
  watchdog: "keep the daemon alive",
};

/** The family that a program name stands for, so that links named like the old scripts go on working. */
export function familyOf(calledName: string): Family | undefined {
  const names: Record<string, Family> = {
    "claude-tmux-bridge": "bridge",
    "claude-tmux-daemon": "daemon",
    "claude-tmux-watchdog": "watchdog",
    "claude-tmux-daemon-watchdog": "watchdog",
  };
  return names[calledName];
}
