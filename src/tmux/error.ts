import { AppError } from "../lib/errors.ts";
import { quotedWords } from "../lib/shell.ts";

// What tmux says on its standard error, as errors that users can act on.

const MESSAGE_MAX = 500;
const NO_SESSIONS = "The tmux server has no session";

/** The error behind what tmux wrote to stderr. */
export function tmuxError(command: string, stderr: string): AppError {
  if (
    /^(no server running on|server exited|lost server)|^error connecting to .*\((No such file or directory|Connection refused)\)/m.test(
      stderr,
    )
  ) {
    return new AppError("ERR_TMUX_NOT_RUNNING", `No tmux server is running (${firstLine(stderr)})`, {
      hint: "Start one with: claude-tmux session-create <name>",
    });
  }
  // said of any target, also of one with a name
  if (/^no current target$/m.test(stderr)) {
    return new AppError("ERR_SESSION_NOT_FOUND", NO_SESSIONS, {
      hint: "Make one with: claude-tmux session-create <name>",
    });
  }
  const [, kind, name] = /(?:can't find|no such) (session|pane|window): ?(.*)/.exec(stderr) ?? [];
  if (kind === "session") {
    return new AppError("ERR_SESSION_NOT_FOUND", `There is no session "${name?.replace(/^=/, "")}"`, {
      hint: "See which there are: claude-tmux session-list",
    });
  }
  if (kind !== undefined) {
    return new AppError("ERR_PANE_NOT_FOUND", `There is no such ${kind}: ${name}`, {
      hint: "See which there are: claude-tmux pane-list-detailed <session>",
    });
  }
  const [, duplicate] = /duplicate session: (.*)/.exec(stderr) ?? [];
  if (duplicate !== undefined) {
    return new AppError("ERR_SESSION_EXISTS", `There is a session "${duplicate}" already`, {
      hint: `Take another name, or end it with: claude-tmux session-kill ${quotedWords([duplicate])}`,
    });
  }
  if (/no space for (a )?new pane/.test(stderr)) {
    return new AppError("ERR_COMMAND_FAILED", "The window has no space for another pane", {
      hint: "End a pane first, or make the session larger (session-create --size)",
    });
  }
  const message = firstLine(stderr).slice(0, MESSAGE_MAX) || "tmux failed without a message";
  return new AppError("ERR_COMMAND_FAILED", `${command}: ${message}`);
}

/** How tmux is installed. */
export const INSTALL_HINT = "apt-get install tmux, dnf install tmux, apk add tmux or brew install tmux";

/** Whether a command failed since the server has no sessions: it ends now, or stays (exit-empty off). */
export function hasNoSessions(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.message === NO_SESSIONS;
}

/** Whether a command failed since, for certain, there is no server, or none with any session. */
export function hasNothing(thrown: unknown): boolean {
  return hasNoSessions(thrown) || (thrown instanceof AppError && thrown.code === "ERR_TMUX_NOT_RUNNING");
}

/** Whether a command failed since what it was for is not there. */
export function isOfTarget(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && /NOT_FOUND|NOT_RUNNING|COMMAND_FAILED/.test(thrown.code);
}

/** Whether a command failed since the session that it was for, or the server with it, is not there any more. */
export function isSessionGone(thrown: unknown): boolean {
  return thrown instanceof AppError && ["ERR_SESSION_NOT_FOUND", "ERR_TMUX_NOT_RUNNING"].includes(thrown.code);
}

/** Whether a command failed since the pane that it was for is not there any more, by itself or with its session or server. */
export function isPaneGone(thrown: unknown): boolean {
  return isSessionGone(thrown) || (thrown instanceof AppError && thrown.code === "ERR_PANE_NOT_FOUND");
}

/** The first line of a text. Pure. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
