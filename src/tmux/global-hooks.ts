import type { TmuxCommand } from "./command-line.ts";

// What changes the sessions and panes that there are (tmux(1), HOOKS); the layout stands for joining and breaking.
const HOOKS = [
  "session-created",
  "session-closed",
  "session-renamed",
  "window-linked",
  "window-unlinked",
  "window-layout-changed",
  "after-new-window",
  "after-split-window",
  "after-kill-pane",
  "pane-exited",
  "pane-died",
];
// far above the indexes that people use, and different for each state folder
const INDEX_BASE = 9000;
const INDEX_COUNT = 1_000_000;

/** The global hooks by which the daemon of a state folder is woken: the channel that they signal (wait-for in tmux(1)). */
export function wakingHooks(stateDir: string): { channel: string; set: TmuxCommand[]; unset: TmuxCommand[] } {
  const number = numberOf(stateDir);
  const channel = wakingChannel(stateDir);
  const names = HOOKS.map((hook) => `${hook}[${INDEX_BASE + number}]`);
  return {
    channel,
    set: names.map((name) => ["set-hook", "-g", name, `wait-for -S ${channel}`]),
    unset: names.map((name) => ["set-hook", "-gu", name]),
  };
}

/** The channel on which the daemon of a state folder waits. */
export function wakingChannel(stateDir: string): string {
  return `claude-tmux-${numberOf(stateDir)}`;
}

function numberOf(stateDir: string): number {
  return Number(Bun.hash(stateDir) % BigInt(INDEX_COUNT));
}
