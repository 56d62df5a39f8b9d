import { shellWord } from "../lib/shell.ts";
import { quoteCommands, type TmuxCommand } from "./command-line.ts";
import { PIPE_OPTION, PIPE_PID_OPTION } from "./options.ts";

// What tmux is told of the pipes of panes. Which one a pane has is in options of it, by the token of a PanePipe.

/** The command that gives a pane's output to a named pipe, if the pane lives and has no pipe but one that is replaced. */
export function connect(pane: string, pipe: { token: string; path: string }, replaced: readonly string[]): TmuxCommand {
  const steps = [
    ["pipe-pane", "-O", "-t", pane, helper(pipe.path)],
    ["set-option", "-p", "-t", pane, PIPE_OPTION, pipe.token],
    ["set-option", "-p", "-F", "-t", pane, PIPE_PID_OPTION, "#{pane_pipe_pid}"],
  ];
  return ["if-shell", "-F", "-t", pane, `#{?#{||:${isOthers(replaced)},#{pane_dead}},0,1}`, quoteCommands(steps)];
}

/** The command that takes a pipe from a pane, if that is the one it has. */
export function release(pane: string, token: string): TmuxCommand {
  const steps = [
    ["pipe-pane", "-t", pane],
    ["set-option", "-pu", "-t", pane, PIPE_OPTION],
    ["set-option", "-pu", "-t", pane, PIPE_PID_OPTION],
  ];
  const isSame = `#{==:#{pane_pipe_pid},#{${PIPE_PID_OPTION}}}`;
  return ["if-shell", "-F", "-t", pane, `#{&&:${isThis(token)},${isSame}}`, quoteCommands(steps)];
}

/** The command that takes the note of a pipe from a pane: it may have ended by itself, and the pane have another one. */
export function forget(pane: string, token: string): TmuxCommand {
  const isNamed = `#{==:#{${PIPE_OPTION}},${token}}`;
  const steps = [PIPE_OPTION, PIPE_PID_OPTION].map((option) => ["set-option", "-pu", "-t", pane, option]);
  return ["if-shell", "-F", "-t", pane, isNamed, quoteCommands(steps)];
}

/** A tmux format that is true for a pane that has a pipe which is none of these, nor was given one of them last. */
export function isOthers(tokens: readonly string[]): string {
  return `#{?${isAmong(tokens)},0,#{pane_pipe}}`;
}

function isAmong(tokens: readonly string[]): string {
  return `#{m:*<#{${PIPE_OPTION}}>*,${tokens.map((token) => `<${token}>`).join("")}}`;
}

/** A tmux format that is true for a pane that has a pipe, and was given this one last. */
export function isThis(token: string): string {
  return `#{&&:#{pane_pipe},#{==:#{${PIPE_OPTION}},${token}}}`;
}

/**
 * What tmux runs for a pipe. Of GNU's dd it is one that ends when the pipe is full: while nobody reads, as when this
 * process hangs or is stopped, it would be tmux that has to keep what the pane writes. Where there is no such dd, cat.
 */
function helper(path: string): string {
  const file = shellWord(path);
  const dd = `LC_ALL=C exec /bin/dd bs=65536 of=${file} oflag=nonblock conv=notrunc,nocreat status=none`;
  // busybox has links to itself, and its dd no such flag
  // tmux may get to it when nobody waits any more, and the named pipe is gone
  const cat = `[ -p ${file} ] && exec cat >${file}`;
  const command = process.platform === "linux" ? `[ -f /bin/dd ] && [ ! -L /bin/dd ] && ${dd}; ${cat}` : cat;
  // tmux expands formats in it, and what strftime(3) does
  return command.replaceAll("#", "##").replaceAll("%", "%%");
}
