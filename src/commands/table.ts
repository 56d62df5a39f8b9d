import paneCapture from "./bridge/pane-capture.ts";
import paneCount from "./bridge/pane-count.ts";
import paneCreate from "./bridge/pane-create.ts";
import paneCreateWithLayout from "./bridge/pane-create-with-layout.ts";
import paneExec from "./bridge/pane-exec.ts";
import paneFind from "./bridge/pane-find.ts";
import paneHasPattern from "./bridge/pane-has-pattern.ts";
import paneIsRunning from "./bridge/pane-is-running.ts";
import paneKill from "./bridge/pane-kill.ts";
import paneListDetailed from "./bridge/pane-list-detailed.ts";
import paneListJson from "./bridge/pane-list-json.ts";
import paneMetadataGet from "./bridge/pane-metadata-get.ts";
import paneMetadataSet from "./bridge/pane-metadata-set.ts";
import paneStatus from "./bridge/pane-status.ts";
import paneWait from "./bridge/pane-wait.ts";
import paneWatch from "./bridge/pane-watch.ts";
import paneWatchTimeout from "./bridge/pane-watch-timeout.ts";
import sessionCreate from "./bridge/session-create.ts";
import sessionKill from "./bridge/session-kill.ts";
import sessionList from "./bridge/session-list.ts";
import stateSync from "./bridge/state-sync.ts";
import type { Command, Entry, Family, Table } from "./define.ts";

// The one cast: a command's own argument types are its own business; the dispatcher passes what the parser made.
const entry = (summary: string, load: () => Promise<{ default: unknown }>): Entry => ({
  summary,
  load: load as Entry["load"],
});
// One that is called often and ends at once is no file to be loaded first: that costs 4 ms. It may import nothing that
// costs as much (node:fs, an emulator, a database).
const quick = (summary: string, command: unknown): Entry => ({
  summary,
  load: () => ({ default: command as Command }),
});

/**
 * Every command of every family, in the order that help shows. Adding one: a file, and a line here. Getters, so that a
 * start makes the table of one family only.
 */
export const FAMILIES: Record<Family, Record<string, Entry>> = {
  get bridge() {
    return {
      "session-create": quick("create a session; its first pane is labelled main", sessionCreate),
      "session-list": quick("list all sessions", sessionList),
      "session-kill": quick("end a session and what runs in it", sessionKill),
      "pane-create": quick("add a pane, with a label if you want", paneCreate),
      "pane-create-with-layout": quick("add a pane and arrange the window in a layout", paneCreateWithLayout),
      "pane-kill": quick("end a pane and what runs in it", paneKill),
      "pane-status": quick("print everything that is known about a pane", paneStatus),
      "pane-is-running": quick("say whether something runs in a pane", paneIsRunning),
      "pane-exec": quick("type a command into a pane, byte for byte, and Enter", paneExec),
      "pane-exec-timeout": entry("type a command and wait for its end", () => import("./bridge/pane-exec-timeout.ts")),
      "pane-wait": quick("wait until what runs in a pane has ended", paneWait),
      "pane-run": entry("run a command; get its output and exit code", () => import("./bridge/pane-run.ts")),
      "pane-capture": quick("print the last lines of a pane", paneCapture),
      "pane-watch": quick("print the last lines that match a pattern", paneWatch),
      "pane-watch-timeout": quick("wait for a line that matches", paneWatchTimeout),
      "pane-has-pattern": quick("say whether one of the last lines matches", paneHasPattern),
      "pane-list-json": quick("list the panes of a session", paneListJson),
      "pane-list-detailed": quick("list them with everything that is known", paneListDetailed),
      "pane-find": quick("find a pane by its label", paneFind),
      "pane-count": quick("count the panes of a session", paneCount),
      "pane-metadata-set": quick("store a value with a pane", paneMetadataSet),
      "pane-metadata-get": quick("print a stored value", paneMetadataGet),
      "state-sync": quick("rewrite the JSON views from tmux", stateSync),
      "pane-stream": entry("print every new line of a pane as it comes", () => import("./bridge/pane-stream.ts")),
      "pane-tail": entry("print the last lines, and then every new one", () => import("./bridge/pane-tail.ts")),
    };
  },
  get daemon() {
    return {
      start: entry("start the event daemon in the background", () => import("./daemon/start.ts")),
      run: entry("run the event daemon in the foreground", () => import("./daemon/run.ts")),
      stop: entry("stop the daemon, and its watchdog if there is one", () => import("./daemon/stop.ts")),
      ensure: entry("make sure that it works: start or recover it if not", () => import("./daemon/ensure.ts")),
      restart: entry("stop and start it, with its watchdog if it has one", () => import("./daemon/restart.ts")),
      recover: entry("repair it in six steps, and say what was done", () => import("./daemon/recover.ts")),
      status: entry("say whether it runs, and what it does", () => import("./daemon/status.ts")),
      health: entry("print healthy, degraded or unhealthy", () => import("./daemon/health.ts")),
      heartbeat: entry("say how old the daemon's last heartbeat is", () => import("./daemon/heartbeat.ts")),
      logs: entry("print the daemon's log", () => import("./daemon/logs.ts")),
      subscribe: entry("get notified of what happens in a pane", () => import("./daemon/subscribe.ts")),
      subscriptions: entry("list the subscriptions", () => import("./daemon/subscriptions.ts")),
      unsubscribe: entry("end a subscription", () => import("./daemon/unsubscribe.ts")),
      events: entry("print the event log, one JSON object a line", () => import("./daemon/events.ts")),
      wait: entry("wait for an event, and print it", () => import("./daemon/wait.ts")),
      metrics: entry("print metrics for Prometheus", () => import("./daemon/metrics.ts")),
    };
  },
  get watchdog() {
    return {
      start: entry("start daemon and watchdog in the background", () => import("./watchdog/start.ts")),
      run: entry("run the watchdog in the foreground", () => import("./watchdog/run.ts")),
      stop: entry("stop watchdog and daemon", () => import("./watchdog/stop.ts")),
      status: entry(
        "say whether it runs, and how often it had to restart the daemon",
        () => import("./watchdog/status.ts"),
      ),
      logs: entry("print the watchdog's log", () => import("./watchdog/logs.ts")),
    };
  },
};

/** Commands that belong to no family. */
export const COMMANDS: Record<string, Entry> = {
  demo: entry("watch all of it work, on a private tmux server", () => import("./demo.ts")),
  install: entry("have it run by systemd, launchd, cron, Docker or Kubernetes", () => import("./install.ts")),
  doctor: entry("check everything that is needed, and say how to fix it", () => import("./doctor.ts")),
  completions: entry("print the completion script of bash, zsh or fish", () => import("./completions.ts")),
  selftest: entry("test this program with your tmux", () => import("./selftest.ts")),
  version: entry("print the version", () => import("./version.ts")),
};

/** What help says about each family. */
export const FAMILY_SUMMARIES: Record<Family, string> = {
  bridge: "drive sessions and panes, and get JSON back",
  daemon: "get notified of events in panes, at once",
  watchdog: "keep the daemon alive",
};

/** All of them, for those that can't import them since they are among them. */
export const TABLE: Table = { commands: COMMANDS, families: FAMILIES, familySummaries: FAMILY_SUMMARIES };

/** The family that a program name stands for, so that links named like the old scripts go on working. */
export function familyOf(calledName: string): Family | undefined {
  const names: Record<string, Family> = {
    "claude-tmux-bridge": "bridge",
    "claude-tmux-daemon": "daemon",
    "claude-tmux-watchdog": "watchdog",
    "claude-tmux-daemon-watchdog": "watchdog",
  };
  return Object.hasOwn(names, calledName) ? names[calledName] : undefined;
}
