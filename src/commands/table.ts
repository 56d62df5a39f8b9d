// what nearly every command needs is loaded with the start, and what is small and many need: each further file takes a while
// for itself, as long as a twentieth of all that is loaded with the start
import "../panes/capture.ts";
import "../panes/dead-pane.ts";
import "../panes/metadata.ts";
import "../tmux/keyboard.ts";
import "../tmux/panes.ts";
import "../tmux/shell-integration.ts";
import "../tmux/sourced.ts";
import "../tmux/typing-time.ts";
import "./bridge/define.ts";
import "./define.ts";
import type { Entry, Family, Table } from "./define.ts";

// The one cast: a command's own argument types are its own business; the dispatcher passes what the parser made.
const entries = (declared: Record<string, Declared>) => declared as Record<string, Entry>;

/** An entry as it stands here: a call for each would be so many that they set off the JIT, at every start. */
type Declared = { summary: string; asksTmux?: true; load: () => Promise<{ default: unknown }> };

/**
 * Every command of every family, in the order that help shows. Adding one: a file, and a line here. Getters, so that a
 * start makes the table of one family only.
 */
export const FAMILIES: Record<Family, Record<string, Entry>> = {
  get bridge() {
    return entries({
      "session-create": {
        summary: "create a detached session; its first pane is labelled main",
        load: () => import("./bridge/session-create.ts"),
      },
      "session-list": {
        summary: "list all sessions of the tmux server",
        asksTmux: true,
        load: () => import("./bridge/session-list.ts"),
      },
      "session-kill": {
        summary: "end a session and everything that runs in it",
        asksTmux: true,
        load: () => import("./bridge/session-kill.ts"),
      },
      "session-save": {
        summary: "take a snapshot of a session, from which it can come back",
        load: () => import("./bridge/session-save.ts"),
      },
      "session-restore": {
        summary: "make the session of a snapshot anew, with all that it showed",
        load: () => import("./bridge/session-restore.ts"),
      },
      "session-autosave": {
        summary: "have the daemon save a session, or all, when something has changed",
        load: () => import("./bridge/session-autosave.ts"),
      },
      "session-autosave-stop": {
        summary: "have the daemon save it, or them, no more",
        load: () => import("./bridge/session-autosave-stop.ts"),
      },
      "session-snapshots": {
        summary: "list the snapshots of sessions",
        load: () => import("./bridge/session-snapshots.ts"),
      },
      "session-snapshot-show": {
        summary: "print all that a snapshot holds",
        load: () => import("./bridge/session-snapshot-show.ts"),
      },
      "session-snapshot-diff": {
        summary: "say what two snapshots differ in",
        load: () => import("./bridge/session-snapshot-diff.ts"),
      },
      "session-snapshot-verify": {
        summary: "check that snapshots are whole",
        load: () => import("./bridge/session-snapshot-verify.ts"),
      },
      "session-snapshot-delete": {
        summary: "remove snapshots",
        load: () => import("./bridge/session-snapshot-delete.ts"),
      },
      "session-snapshot-prune": {
        summary: "remove old snapshots: the newest ones, one an hour and one a day stay",
        load: () => import("./bridge/session-snapshot-prune.ts"),
      },
      "pane-create": {
        summary: "add a pane to a session and tile its window; nobody's focus moves",
        load: () => import("./bridge/pane-create.ts"),
      },
      "pane-create-with-layout": {
        summary: "add a pane to a session and arrange its window in a layout; nobody's focus moves",
        load: () => import("./bridge/pane-create-with-layout.ts"),
      },
      "pane-kill": { summary: "end a pane and what runs in it", load: () => import("./bridge/pane-kill.ts") },
      "pane-status": {
        summary: "print everything that is known about a pane",
        asksTmux: true,
        load: () => import("./bridge/pane-status.ts"),
      },
      "pane-is-running": {
        summary: "say whether something runs in a pane, or its shell waits at the prompt",
        asksTmux: true,
        load: () => import("./bridge/pane-is-running.ts"),
      },
      "pane-exec": {
        summary: "type a command into a pane, byte for byte, and Enter",
        asksTmux: true,
        load: () => import("./bridge/pane-exec.ts"),
      },
      "pane-exec-timeout": {
        summary: "type a command into a pane and wait until it has ended, with a timeout",
        asksTmux: true,
        load: () => import("./bridge/pane-exec-timeout.ts"),
      },
      "pane-wait": {
        summary: "wait until what runs in a pane has ended; at once if nothing does",
        asksTmux: true,
        load: () => import("./bridge/pane-wait.ts"),
      },
      "pane-run": {
        summary: "run a command in a pane and print what it wrote; exits with its exit code",
        asksTmux: true,
        load: () => import("./bridge/pane-run.ts"),
      },
      "pane-send-keys": {
        summary: "press keys in a pane, by their names",
        asksTmux: true,
        load: () => import("./bridge/pane-send-keys.ts"),
      },
      "pane-send-stdin": {
        summary: "type a text into what runs in a pane, as it is",
        asksTmux: true,
        load: () => import("./bridge/pane-send-stdin.ts"),
      },
      "pane-ask": {
        summary: "type a text to whatever runs in a pane, and print what it answers",
        asksTmux: true,
        load: () => import("./bridge/pane-ask.ts"),
      },
      "pane-signal": {
        summary: "send a signal to the job in the foreground of a pane, or to more",
        asksTmux: true,
        load: () => import("./bridge/pane-signal.ts"),
      },
      "pane-graceful-shutdown": {
        summary: "end the job in the foreground of a pane: Ctrl-C, then SIGTERM, then SIGKILL",
        asksTmux: true,
        load: () => import("./bridge/pane-graceful-shutdown.ts"),
      },
      "pane-capture": {
        summary: "print the last lines of a pane, wrapped lines joined",
        asksTmux: true,
        load: () => import("./bridge/pane-capture.ts"),
      },
      "pane-screen": {
        summary: "print what a pane shows now, with its cursor and what it waits for",
        asksTmux: true,
        load: () => import("./bridge/pane-screen.ts"),
      },
      "pane-watch": {
        summary: "print the lines that match a pattern among the last of a pane",
        asksTmux: true,
        load: () => import("./bridge/pane-watch.ts"),
      },
      "pane-watch-timeout": {
        summary: "wait until a line of a pane matches a pattern, and print it",
        asksTmux: true,
        load: () => import("./bridge/pane-watch-timeout.ts"),
      },
      "pane-has-pattern": {
        summary: "say whether a pattern matches one of the last lines of a pane",
        asksTmux: true,
        load: () => import("./bridge/pane-has-pattern.ts"),
      },
      "pane-list-json": { summary: "list the panes of a session", load: () => import("./bridge/pane-list-json.ts") },
      "pane-list-detailed": {
        summary: "list the panes of a session with everything that is known about them",
        asksTmux: true,
        load: () => import("./bridge/pane-list-detailed.ts"),
      },
      "pane-find": { summary: "find a pane by its label", load: () => import("./bridge/pane-find.ts") },
      "pane-count": { summary: "count the panes of a session", load: () => import("./bridge/pane-count.ts") },
      "pane-metadata-set": {
        summary: "store a value with a pane, under a key; tmux keeps it as long as the pane lives",
        asksTmux: true,
        load: () => import("./bridge/pane-metadata-set.ts"),
      },
      "pane-metadata-get": {
        summary: "print the value that is stored with a pane under a key",
        asksTmux: true,
        load: () => import("./bridge/pane-metadata-get.ts"),
      },
      "gc-run": {
        summary: "end sessions that claude-tmux made and nobody needs, and remove what killed commands left",
        load: () => import("./bridge/gc-run.ts"),
      },
      "gc-status": {
        summary: "list the sessions that claude-tmux made, and say which of them gc-run would end",
        load: () => import("./bridge/gc-status.ts"),
      },
      "gc-enable": {
        summary: "have the daemon do what gc-run does, every hour",
        load: () => import("./bridge/gc-enable.ts"),
      },
      "gc-disable": { summary: "have the daemon collect no more", load: () => import("./bridge/gc-disable.ts") },
      "agent-list": {
        summary: "list the coding agents in panes, those first that need somebody",
        asksTmux: true,
        load: () => import("./bridge/agent-list.ts"),
      },
      "agent-status": {
        summary: "say what an agent or a program in a pane does, and what it waits for",
        asksTmux: true,
        load: () => import("./bridge/agent-status.ts"),
      },
      "agent-wait": {
        summary: "wait until an agent needs somebody, or is in a state",
        asksTmux: true,
        load: () => import("./bridge/agent-wait.ts"),
      },
      "agent-prompt": {
        summary: "give an agent a prompt, once, and say whether it was seen to take it",
        asksTmux: true,
        load: () => import("./bridge/agent-prompt.ts"),
      },
      "agent-answer": {
        summary: "answer what an agent asks, if it still asks it",
        asksTmux: true,
        load: () => import("./bridge/agent-answer.ts"),
      },
      "state-sync": {
        summary: "rewrite the <session>.state files from tmux, for scripts that read them",
        load: () => import("./bridge/state-sync.ts"),
      },
      "pane-stream": {
        summary: "print every new line of a pane as it comes, once and in order, until the pane ends",
        asksTmux: true,
        load: () => import("./bridge/pane-stream.ts"),
      },
      "pane-tail": {
        summary: "print the last lines of a pane, and then every new one as it comes, until the pane ends",
        asksTmux: true,
        load: () => import("./bridge/pane-tail.ts"),
      },
    });
  },
  get daemon() {
    return entries({
      start: {
        summary: "start the event daemon in the background; returns when it serves",
        load: () => import("./daemon/start.ts"),
      },
      run: {
        summary: "run the event daemon in the foreground, for systemd, Docker or debugging",
        load: () => import("./daemon/run.ts"),
      },
      stop: { summary: "stop the daemon, and its watchdog if there is one", load: () => import("./daemon/stop.ts") },
      ensure: {
        summary: "make sure that the daemon works: start it, or recover it, if it does not",
        load: () => import("./daemon/ensure.ts"),
      },
      restart: {
        summary: "stop the daemon and start it again, with its watchdog if it has one",
        load: () => import("./daemon/restart.ts"),
      },
      restore: {
        summary: "bring back the sessions that were alive before the machine was started anew",
        load: () => import("./daemon/restore.ts"),
      },
      recover: {
        summary: "make an unhealthy daemon work again, in six steps",
        load: () => import("./daemon/recover.ts"),
      },
      status: { summary: "say whether the daemon runs, and what it does", load: () => import("./daemon/status.ts") },
      health: { summary: "print healthy, degraded or unhealthy", load: () => import("./daemon/health.ts") },
      heartbeat: { summary: "say how old the daemon's last heartbeat is", load: () => import("./daemon/heartbeat.ts") },
      logs: { summary: "print the last lines of the daemon's log", load: () => import("./daemon/logs.ts") },
      subscribe: {
        summary: "get notified of what happens in a session or a pane; prints the subscription's id",
        load: () => import("./daemon/subscribe.ts"),
      },
      subscriptions: {
        summary: "list the subscriptions that have not ended, one JSON object a line",
        load: () => import("./daemon/subscriptions.ts"),
      },
      unsubscribe: { summary: "end a subscription; it fires no more", load: () => import("./daemon/unsubscribe.ts") },
      events: { summary: "print the event log, one JSON object a line", load: () => import("./daemon/events.ts") },
      wait: { summary: "wait for an event of a session, and print it", load: () => import("./daemon/wait.ts") },
      metrics: {
        summary: "print the daemon's metrics in Prometheus' text format",
        load: () => import("./daemon/metrics.ts"),
      },
    });
  },
  get watchdog() {
    return entries({
      start: {
        summary: "start the daemon with a watchdog over it, in the background",
        load: () => import("./watchdog/start.ts"),
      },
      run: { summary: "run the daemon under a watchdog, in the foreground", load: () => import("./watchdog/run.ts") },
      stop: { summary: "stop the watchdog and its daemon", load: () => import("./watchdog/stop.ts") },
      status: {
        summary: "say whether the watchdog runs, and how often it had to restart the daemon",
        load: () => import("./watchdog/status.ts"),
      },
      logs: { summary: "print the last lines of the watchdog's log", load: () => import("./watchdog/logs.ts") },
    });
  },
};

/** Commands that belong to no family. */
export const COMMANDS: Record<string, Entry> = entries({
  top: {
    summary: "look at all panes, those first that need somebody, and go, answer or stop there",
    load: () => import("./top.ts"),
  },
  "status-line": {
    summary: "say in a few words for tmux's status line how many panes are blocked, dead or at work",
    load: () => import("./status-line.ts"),
  },
  demo: { summary: "watch all of it work, on a private tmux server and state folder", load: () => import("./demo.ts") },
  install: {
    summary: "have the daemon started and watched by systemd or the like, or make tmux or an agent know us",
    load: () => import("./install.ts"),
  },
  uninstall: {
    summary: "end what runs in the background, and take away what install and the rest have put anywhere",
    load: () => import("./uninstall.ts"),
  },
  "agent-hook": {
    summary: "for the hooks of coding agents: note in the agent's pane what it does",
    load: () => import("./agent-hook.ts"),
  },
  doctor: {
    summary: "check everything that is needed, and say how to fix what is wrong",
    load: () => import("./doctor.ts"),
  },
  completions: {
    summary: "print the completion script of a shell, which completes sessions, panes and labels too",
    load: () => import("./completions.ts"),
  },
  selftest: {
    summary: "test this program with your tmux, and leave nothing behind",
    load: () => import("./selftest.ts"),
  },
  mcp: {
    summary: "serve tmux to an agent: a Model Context Protocol server on stdin and stdout",
    load: () => import("./mcp.ts"),
  },
  version: { summary: "print the version", load: () => import("./version.ts") },
});

/** What help says about each family. */
export const FAMILY_SUMMARIES: Record<Family, string> = {
  bridge: "drive sessions and panes; a script gets JSON back; the word bridge may be left out",
  daemon: "get notified of events in panes, at once",
  watchdog: "keep the daemon alive",
};

/** All of them, for those that can't import them since they are among them. */
export const TABLE: Table = { commands: COMMANDS, families: FAMILIES, familySummaries: FAMILY_SUMMARIES };

/** A command as people call it, its family first if it has one: those of the bridge are found without. Pure. */
export function asCalled(...words: readonly (string | undefined)[]): string {
  const said = words.filter((word) => word !== undefined && word !== "");
  const isFound = said[0] === "bridge" && said[1] !== undefined && !said[1].startsWith("-");
  return (isFound ? said.slice(1) : said).join(" ");
}

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
