import { AppError } from "../lib/errors.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { isServerAtLeast } from "../tmux/version.ts";
import { hooksIn } from "./seen.ts";

// The hooks of a person (tmux(1), HOOKS) would change a session while it is made, and are nobody else's to change. A hook that a
// session or a window has by itself stands before the global one: each of those that are set gets an empty one there meanwhile.

/** The global hooks that somebody has set, by their names. */
export interface Hooks {
  ofSessions: readonly string[];
  /** those of windows and panes */
  ofWindows: readonly string[];
  /**
   * whether a session is to be made by commands after which no hook comes (tmux 3.3): what after-new-session does, it does before that
   * can have a hook of its own
   */
  isHookless: boolean;
}

/** The global hooks, by what show-hooks -g and show-hooks -gw print; not those that wake a daemon of ours. Pure. */
export function hooksOf(version: string, ofSessions: string, ofWindows: string): Hooks {
  const names = (text: string) => hooksIn(text.replace(/^.* wait-for -S claude-tmux-\d+$/gm, ""));
  const [sessions, windows] = [names(ofSessions), names(ofWindows)];
  // for which an option is set, once
  const isHookless = sessions.includes("after-new-session") && !sessions.includes("after-set-option");
  return { ofSessions: sessions, ofWindows: windows, isHookless: isHookless && isServerAtLeast(version, "3.3") };
}

/** The commands that give a session empty hooks of its own. Pure. */
export function maskSession({ ofSessions }: Hooks, target: string): TmuxCommand[] {
  return ofSessions.map((name) => ["set-hook", "-t", target, name, ""]);
}

/** The commands that give a window empty hooks of its own. Pure. */
export function maskWindow({ ofWindows }: Hooks, target: string): TmuxCommand[] {
  return ofWindows.map((name) => ["set-hook", "-w", "-t", target, name, ""]);
}

/** The commands that take those away from a session and its windows. Pure. */
export function unmask({ ofSessions, ofWindows }: Hooks, session: string, windows: readonly string[]): TmuxCommand[] {
  return [
    ...windows.flatMap((window) => ofWindows.map((name) => ["set-hook", "-u", "-w", "-t", window, name])),
    ...ofSessions.map((name) => ["set-hook", "-u", "-t", session, name]),
  ];
}

/** An error with a hint that tells of the hooks that are set, if there are any. */
export function withHooks(thrown: unknown, { ofSessions, ofWindows }: Hooks): unknown {
  const names = [...ofSessions, ...ofWindows];
  if (!(thrown instanceof AppError) || names.length === 0) return thrown;
  const { code, message, details, exitCode, hint: before } = thrown;
  const hint = `Hooks are set on this tmux server: ${names.join(", ")}. See whether one of them interferes: tmux show-hooks -g, tmux show-hooks -gw.`;
  return new AppError(code, message, {
    hint: before === undefined ? hint : `${hint} ${before}`,
    details,
    exitCode,
    cause: thrown,
  });
}
