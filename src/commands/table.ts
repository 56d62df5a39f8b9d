// what nearly every command needs is loaded with the start, and what is small and many need: each further file takes a while
// for itself, as long as a twentieth of all that is loaded with the start
import "../panes/dead-pane.ts";
import "../tmux/keyboard.ts";
import "../tmux/panes.ts";
import "../tmux/typing-time.ts";
import "./bridge/define.ts";
import "./define.ts";
import type { Entry, Family, Table } from "./define.ts";

// The one cast: a command's own argument types are its own business; the dispatcher passes what the parser made.
const entry = (summary: string, load: () => Promise<{ default: unknown }>): Entry => ({
  summary,
  load: load as Entry["load"],
});

/**
 * Every command of every family, in the order that help shows. Adding one: a file, and a line here. Getters, so that a
 * start makes the table of one family only.
 */
export const FAMILIES: Record<Family, Record<string, Entry>> = {
  get bridge() {
    return {
      "session-create": entry(
        "create a detached session; its first pane is labelled main",
        () => import("./bridge/session-create.ts"),
      ),
      "session-list": entry("list all sessions of the tmux server", () => import("./bridge/session-list.ts")),
      "session-kill": entry("end a session and everything that runs in it", () => import("./bridge/session-kill.ts")),
      "session-save": entry(
        "take a snapshot of a session, from which it can come back",
        () => import("./bridge/session-save.ts"),
      ),
      "session-restore": entry(
        "make the session of a snapshot anew, with all that it showed",
        () => import("./bridge/session-restore.ts"),
      ),
      "session-autosave": entry(
        "have the daemon save a session, or all, when something has changed",
        () => import("./bridge/session-autosave.ts"),
      ),
      "session-autosave-stop": entry(
        "have the daemon save it, or them, no more",
        () => import("./bridge/session-autosave-stop.ts"),
      ),
      "session-snapshots": entry("list the snapshots of sessions", () => import("./bridge/session-snapshots.ts")),
      "session-snapshot-show": entry(
        "print all that a snapshot holds",
        () => import("./bridge/session-snapshot-show.ts"),
      ),
      "session-snapshot-diff": entry(
        "say what two snapshots differ in",
        () => import("./bridge/session-snapshot-diff.ts"),
      ),
      "session-snapshot-verify": entry(
        "check that snapshots are whole",
        () => import("./bridge/session-snapshot-verify.ts"),
      ),
      "session-snapshot-delete": entry("remove snapshots", () => import("./bridge/session-snapshot-delete.ts")),
      "session-snapshot-prune": entry(
        "remove old snapshots: the newest ones, one an hour and one a day stay",
        () => import("./bridge/session-snapshot-prune.ts"),
      ),
      "pane-create": entry(
        "add a pane to a session and tile its window; nobody's focus moves",
        () => import("./bridge/pane-create.ts"),
      ),
      "pane-create-with-layout": entry(
        "add a pane to a session and arrange its window in a layout; nobody's focus moves",
        () => import("./bridge/pane-create-with-layout.ts"),
      ),
      "pane-kill": entry("end a pane and what runs in it", () => import("./bridge/pane-kill.ts")),
      "pane-status": entry("print everything that is known about a pane", () => import("./bridge/pane-status.ts")),
      "pane-is-running": entry(
        "say whether something runs in a pane, or its shell waits at the prompt",
        () => import("./bridge/pane-is-running.ts"),
      ),
      "pane-exec": entry("type a command into a pane, byte for byte, and Enter", () => import("./bridge/pane-exec.ts")),
      "pane-exec-timeout": entry(
        "type a command into a pane and wait until it has ended, with a timeout",
        () => import("./bridge/pane-exec-timeout.ts"),
      ),
      "pane-wait": entry(
        "wait until what runs in a pane has ended; at once if nothing does",
        () => import("./bridge/pane-wait.ts"),
      ),
      "pane-run": entry(
        "run a command in a pane and print what it wrote; exits with its exit code",
        () => import("./bridge/pane-run.ts"),
      ),
      "pane-send-keys": entry("press keys in a pane, by their names", () => import("./bridge/pane-send-keys.ts")),
      "pane-send-stdin": entry(
        "type a text into what runs in a pane, as it is",
        () => import("./bridge/pane-send-stdin.ts"),
      ),
      "pane-ask": entry(
        "type a text to whatever runs in a pane, and print what it answers",
        () => import("./bridge/pane-ask.ts"),
      ),
      "pane-signal": entry(
        "send a signal to the job in the foreground of a pane, or to more",
        () => import("./bridge/pane-signal.ts"),
      ),
      "pane-graceful-shutdown": entry(
        "end the job in the foreground of a pane: Ctrl-C, then SIGTERM, then SIGKILL",
        () => import("./bridge/pane-graceful-shutdown.ts"),
      ),
      "pane-capture": entry(
        "print the last lines of a pane, wrapped lines joined",
        () => import("./bridge/pane-capture.ts"),
      ),
      "pane-screen": entry(
        "print what a pane shows now, with its cursor and what it waits for",
        () => import("./bridge/pane-screen.ts"),
      ),
      "pane-watch": entry(
        "print the lines that match a pattern among the last of a pane",
        () => import("./bridge/pane-watch.ts"),
      ),
      "pane-watch-timeout": entry(
        "wait until a line of a pane matches a pattern, and print it",
        () => import("./bridge/pane-watch-timeout.ts"),
      ),
      "pane-has-pattern": entry(
        "say whether a pattern matches one of the last lines of a pane",
        () => import("./bridge/pane-has-pattern.ts"),
      ),
      "pane-list-json": entry("list the panes of a session", () => import("./bridge/pane-list-json.ts")),
      "pane-list-detailed": entry(
        "list the panes of a session with everything that is known about them",
        () => import("./bridge/pane-list-detailed.ts"),
      ),
      "pane-find": entry("find a pane by its label", () => import("./bridge/pane-find.ts")),
      "pane-count": entry("count the panes of a session", () => import("./bridge/pane-count.ts")),
      "pane-metadata-set": entry(
        "store a value with a pane, under a key; tmux keeps it as long as the pane lives",
        () => import("./bridge/pane-metadata-set.ts"),
      ),
      "pane-metadata-get": entry(
        "print the value that is stored with a pane under a key",
        () => import("./bridge/pane-metadata-get.ts"),
      ),
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
      "state-sync": entry(
        "rewrite the <session>.state files from tmux, for scripts that read them",
        () => import("./bridge/state-sync.ts"),
      ),
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
      restore: entry(
        "bring back the sessions that were alive before the machine was started anew",
        () => import("./daemon/restore.ts"),
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
