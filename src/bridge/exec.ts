import { AppError } from "../lib/errors.ts";
import { findPane, PANE_FORMAT, parsePanes } from "../tmux/panes.ts";
import { type TmuxCommand, tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane, sessionTarget } from "../tmux/target.ts";
import { noteTyped } from "../tmux/typed.ts";
import type { Result } from "./reply.ts";

// Typed keys are read by a shell in raw mode without a limit, but the first bytes may meet a terminal that is still in
// canonical mode, whose line is cut at 4,096 bytes; and a single argument of tmux must fit its message of 16 KB.
const TYPED_MAX_BYTES = 1000;

/**
 * Types a command into a pane, byte for byte, and Enter. In the same call the text is noted in a pane option, so that
 * the daemon can tell the echo from output.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL; ERR_COMMAND_FAILED for a dead pane
 */
export function execInPane(server: TmuxServer, options: { session: string; pane: string; command: string }): Result {
  const { session, pane: name, command } = options;
  const target = indexTarget(session, parsePane(name)) ?? findPane(server, session, name).id;
  const typing = planTyping(target, command);
  const list = ["list-panes", "-s", "-t", sessionTarget(session), "-F", PANE_FORMAT];
  // a failing first command runs none of the others: nothing is typed when there is no such pane
  const commands = [["copy-mode", "-q", "-t", target], ...noteTyped(target, command), ...typing.commands, list];
  const text = tmux(server, commands, typing.input === undefined ? {} : { input: typing.input });
  const pane = pickPane(parsePanes(text), { session, pane: name });
  if (pane.isDead) {
    throw new AppError("ERR_COMMAND_FAILED", `Pane ${pane.paneId} of "${session}" is dead: its program has ended`, {
      hint: `Remove it with: claude-tmux bridge pane-kill ${session} ${pane.paneId}`,
    });
  }
  return { session, pane, output: "Command sent" };
}

/** How a text gets into a pane unchanged: as keys while it is short and plain, else through a paste buffer. Pure. */
export function planTyping(target: string, command: string): { commands: TmuxCommand[]; input?: string } {
  const enter = ["send-keys", "-t", target, "Enter"];
  if (command === "") return { commands: [enter] };
  const isPlain = !/[\x00-\x1f\x7f]/.test(command) && Buffer.byteLength(command) <= TYPED_MAX_BYTES;
  if (isPlain) return { commands: [["send-keys", "-t", target, "-l", "--", command], enter] };
  const buffer = `claude-tmux-${process.pid}`;
  return {
    commands: [["load-buffer", "-b", buffer, "-"], ["paste-buffer", "-d", "-p", "-b", buffer, "-t", target], enter],
    input: command,
  };
}
