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
import paneScreen from "./bridge/pane-screen.ts";
import paneSendKeys from "./bridge/pane-send-keys.ts";
import paneSendStdin from "./bridge/pane-send-stdin.ts";
import paneSignal from "./bridge/pane-signal.ts";
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
      "session-create": quick("create a detached session; its first pane is labelled main", sessionCreate),
      "session-list": quick("list all sessions of the tmux server", sessionList),
      "session-kill": quick("end a session and everything that runs in it", sessionKill),
      "pane-create": quick("add a pane to a session and tile its window; nobody's focus moves", paneCreate),
      "pane-create-with-layout": quick(
        "add a pane to a session and arrange its window in a layout; nobody's focus moves",
        paneCreateWithLayout,
      ),
      "pane-kill": quick("end a pane and what runs in it", paneKill),
      "pane-status": quick("print everything that is known about a pane", paneStatus),
      "pane-is-running": quick("say whether something runs in a pane, or its shell waits at the prompt", paneIsRunning),
      "pane-exec": quick("type a command into a pane, byte for byte, and Enter", paneExec),
      "pane-exec-timeout": entry(
        "type a command into a pane and wait until it has ended, with a timeout",
        () => import("./bridge/pane-exec-timeout.ts"),
      ),
      "pane-wait": quick("wait until what runs in a pane has ended; at once if nothing does", paneWait),
      "pane-run": entry(
        "run a command in a pane and print what it wrote; exits with its exit code",
        () => import("./bridge/pane-run.ts"),
      ),
      "pane-send-keys": quick("press keys in a pane, by their names", paneSendKeys),
      "pane-send-stdin": quick("type a text into what runs in a pane, as it is", paneSendStdin),
      "pane-ask": entry(
        "type a text to whatever runs in a pane, and print what it answers",
        () => import("./bridge/pane-ask.ts"),
      ),
      "pane-signal": quick("send a signal to the job in the foreground of a pane, or to more", paneSignal),
      "pane-graceful-shutdown": entry(
        "end the job in the foreground of a pane: Ctrl-C, then SIGTERM, then SIGKILL",
        () => import("./bridge/pane-graceful-shutdown.ts"),
      ),
      "pane-capture": quick("print the last lines of a pane, wrapped lines joined", paneCapture),
      "pane-screen": quick("print what a pane shows now, with its cursor and what it waits for", paneScreen),
      "pane-watch": quick("print the lines that match a pattern among the last of a pane", paneWatch),
      "pane-watch-timeout": quick("wait until a line of a pane matches a pattern, and print it", paneWatchTimeout),
      "pane-has-pattern": quick("say whether a pattern matches one of the last lines of a pane", paneHasPattern),
      "pane-list-json": quick("list the panes of a session", paneListJson),
      "pane-list-detailed": quick(
        "list the panes of a session with everything that is known about them",
        paneListDetailed,
      ),
      "pane-find": quick("find a pane by its label", paneFind),
      "pane-count": quick("count the panes of a session", paneCount),
      "pane-metadata-set": quick(
        "store a value with a pane, under a key; tmux keeps it as long as the pane lives",
        paneMetadataSet,
      ),
      "pane-metadata-get": quick("print the value that is stored with a pane under a key", paneMetadataGet),
      "gc-run": entry(
        "end sessions that claude-tmux made and nobody needs, and remove what killed commands left",
        () => import("./bridge/gc-run.ts"),
      ),
      "gc-status": entry(
        "list the sessions that claude-tmux made, and say which of them gc-run would end",
        () => import("./bridge/gc-status.ts"),
      ),
      "gc-enable": entry("have the daemon do what gc-run does, every hour", () => import("./bridge/gc-enable.ts")),
      "gc-disable": entry("have the daemon collect no more", () => import("./bridge/gc-disable.ts")),
      "state-sync": quick("rewrite the <session>.state files from tmux, for scripts that read them", stateSync),
      "pane-stream": entry(
        "print every new line of a pane as it comes, once and in order, until the pane ends",
        () => import("./bridge/pane-stream.ts"),
      ),
      "pane-tail": entry(
        "print the last lines of a pane, and then every new one as it comes, until the pane ends",
        () => import("./bridge/pane-tail.ts"),
      ),
    };
  },
  get daemon() {
    return {
      start: entry(
        "start the event daemon in the background; returns when it serves",
        () => import("./daemon/start.ts"),
      ),
      run: entry(
        "run the event daemon in the foreground, for systemd, Docker or debugging",
        () => import("./daemon/run.ts"),
      ),
      stop: entry("stop the daemon, and its watchdog if there is one", () => import("./daemon/stop.ts")),
      ensure: entry(
        "make sure that the daemon works: start it, or recover it, if it does not",
        () => import("./daemon/ensure.ts"),
      ),
      restart: entry(
        "stop the daemon and start it again, with its watchdog if it has one",
        () => import("./daemon/restart.ts"),
      ),
      recover: entry("make an unhealthy daemon work again, in six steps", () => import("./daemon/recover.ts")),
      status: entry("say whether the daemon runs, and what it does", () => import("./daemon/status.ts")),
      health: entry("print healthy, degraded or unhealthy", () => import("./daemon/health.ts")),
      heartbeat: entry("say how old the daemon's last heartbeat is", () => import("./daemon/heartbeat.ts")),
      logs: entry("print the last lines of the daemon's log", () => import("./daemon/logs.ts")),
      subscribe: entry(
        "get notified of what happens in a session or a pane; prints the subscription's id",
        () => import("./daemon/subscribe.ts"),
      ),
      subscriptions: entry(
        "list the subscriptions that have not ended, one JSON object a line",
        () => import("./daemon/subscriptions.ts"),
      ),
      unsubscribe: entry("end a subscription; it fires no more", () => import("./daemon/unsubscribe.ts")),
      events: entry("print the event log, one JSON object a line", () => import("./daemon/events.ts")),
      wait: entry("wait for an event of a session, and print it", () => import("./daemon/wait.ts")),
      metrics: entry("print the daemon's metrics in Prometheus' text format", () => import("./daemon/metrics.ts")),
    };
  },
  get watchdog() {
    return {
      start: entry("start the daemon with a watchdog over it, in the background", () => import("./watchdog/start.ts")),
      run: entry("run the daemon under a watchdog, in the foreground", () => import("./watchdog/run.ts")),
      stop: entry("stop the watchdog and its daemon", () => import("./watchdog/stop.ts")),
      status: entry(
        "say whether the watchdog runs, and how often it had to restart the daemon",
        () => import("./watchdog/status.ts"),
      ),
      logs: entry("print the last lines of the watchdog's log", () => import("./watchdog/logs.ts")),
    };
  },
};

/** Commands that belong to no family. */
export const COMMANDS: Record<string, Entry> = {
  demo: entry("watch all of it work, on a private tmux server and state folder", () => import("./demo.ts")),
  install: entry(
    "have the daemon started and watched by systemd, launchd, cron, Docker or Kubernetes",
    () => import("./install.ts"),
  ),
  uninstall: entry(
    "end what runs in the background, and take away what install and the rest have put anywhere",
    () => import("./uninstall.ts"),
  ),
  doctor: entry("check everything that is needed, and say how to fix what is wrong", () => import("./doctor.ts")),
  completions: entry(
    "print the completion script of a shell, which completes sessions, panes and labels too",
    () => import("./completions.ts"),
  ),
  selftest: entry("test this program with your tmux, and leave nothing behind", () => import("./selftest.ts")),
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
