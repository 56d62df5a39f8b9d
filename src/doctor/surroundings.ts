import { baseName } from "../lib/names.ts";
import { socketPathMax } from "../lib/socket-path.ts";
import type { Finding } from "./finding.ts";

/**
 * What shells in panes take their characters from: LC_ALL before LC_CTYPE before LANG (locale(7)). Pure.
 * @param env the environment
 */
export function checkLocale(env: Record<string, string | undefined>): Finding {
  const name = ["LC_ALL", "LC_CTYPE", "LANG"].find((variable) => env[variable]);
  const value = name === undefined ? undefined : env[name];
  if (value !== undefined && /utf-?8/i.test(value))
    return { check: "locale", verdict: "ok", message: `${name}=${value}` };
  return {
    check: "locale",
    verdict: "warning",
    message: value === undefined ? "no locale is set" : `${name}=${value} is not UTF-8`,
    advice:
      "claude-tmux itself uses UTF-8 all the same, but programs in new panes may not show other letters than ASCII: export LC_ALL=C.UTF-8",
  };
}

/**
 * Whether a person could look at a session from here, and programs in panes know their terminal. Pure.
 * @param isTerminal whether stdout is one
 */
export function checkTerminal(env: Record<string, string | undefined>, isTerminal: boolean): Finding {
  const check = "terminal";
  const term = env.TERM;
  if (env.TMUX && term !== undefined && !/^(tmux|screen)/.test(term)) {
    return {
      check,
      verdict: "warning",
      message: `TERM=${term} inside tmux`,
      advice: "Programs draw for a terminal other than tmux: leave TERM alone in your shell's start-up files.",
    };
  }
  if (!isTerminal) return { check, verdict: "ok", message: "none here, and none is needed" };
  if (term === undefined || term === "dumb") {
    return {
      check,
      verdict: "warning",
      message: `TERM is ${term ?? "not set"}`,
      advice: "tmux attach will not work from here: export TERM=xterm-256color, or your terminal's own.",
    };
  }
  return { check, verdict: "ok", message: `TERM=${term}${env.TMUX ? ", inside tmux" : ""}` };
}

/**
 * How exactly the ends of commands will be known in panes with this shell. Pure.
 * @param shell the path of the shell that panes run
 * @param bashMajor the major version, if it is bash
 */
export function checkShell(shell: string | undefined, bashMajor: number | undefined): Finding {
  const check = "shell";
  const name = baseName(shell ?? "");
  const isExact = name === "zsh" || name === "fish" || (name === "bash" && (bashMajor ?? 5) >= 5);
  if (isExact) return { check, verdict: "ok", message: `${shell}: tells when commands start and end` };
  return {
    check,
    verdict: "warning",
    message:
      name === "bash" ? `${shell} is version ${bashMajor}` : `${shell || "SHELL is not set"}: has no shell integration`,
    advice:
      "pane-run adds a marker to what it types, and there is no command-finished: for exact answers use bash 5, zsh or fish (tmux's default-shell).",
  };
}

/** How much room the state folder has: subscriptions and events are written there. Pure. */
export function checkSpace(folder: string, freeBytes: number): Finding {
  const mb = Math.floor(freeBytes / 1_000_000);
  const found = { check: "disk", message: `${mb} MB free where ${folder} is` };
  if (mb >= 100) return { ...found, verdict: "ok" };
  const advice = "Events are kept in a database there: make room, or set CLAUDE_TMUX_STATE_DIR to a folder elsewhere.";
  return { ...found, verdict: mb >= 10 ? "warning" : "error", advice };
}

/** Whether the path of a socket is one that the kernel takes. Pure. */
export function checkSocketPath(path: string, platform: NodeJS.Platform): Finding | undefined {
  const limit = socketPathMax(platform);
  const length = new TextEncoder().encode(path).length;
  if (length <= limit) return undefined;
  return {
    check: "socket",
    verdict: "error",
    message: `${path} has ${length} bytes, and a socket's path may have ${limit}`,
    advice: "Set CLAUDE_TMUX_STATE_DIR to a shorter folder.",
  };
}
