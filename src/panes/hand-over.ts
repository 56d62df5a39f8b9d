import { fs } from "../lib/builtin.ts";
import { AppError, errno } from "../lib/errors.ts";
import { exists } from "../lib/files.ts";
import { sleepBriefly } from "../lib/libc.ts";
import { quickClose, quickCreate, quickFstat, quickLstat, quickRemove } from "../lib/quick.ts";
import { sleep } from "../lib/wait.ts";
import { isResting } from "../process/foreground.ts";
import { shellName } from "../process/shell-name.ts";
import { quoteCommands, type TmuxCommand } from "../tmux/command-line.ts";
import { trustedFolder } from "../tmux/integration-folder.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import { TYPED_OPTION } from "../tmux/options.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { isLastTyped, isToldLast } from "../tmux/typed.ts";
import { busy } from "./busy.ts";

// A command for a shell with the integration does not go through the keyboard, where it would be joined to what somebody
// has half typed: it is left in a file, and a private key tells the shell to take it in the place of that line, which
// it keeps and puts back when the command has ended (see tmux/shell/).

/** What tmux sends for the private key: ESC Ctrl-^, which means nothing to the shells. */
export const PRIVATE_KEY = ["-H", "1b", "1e"];
/** Ends what may keep the shell from hearing the key: an incremental search, a menu, half a key. */
const BREAK = ["-H", "07"];

/** How long a shell that waits at its prompt may take to take a command; after that it is asked once more. */
export const TAKE_MS = 400;
/** A command that still waits after so long was left by somebody who is no more. */
const STALE_MS = 10_000;
const LOOK_MS = 0.2;

/** A file that was left for a shell. All that are left for one shell have the same path, one after the other. */
export interface Left {
  path: string;
  /** open: as long as it is, no file that another one leaves there has this inode */
  fd: number;
  inode: bigint;
  /** whether it was taken back */
  isBack: boolean;
}

/** Whether no key may hand a command over: bash 5.2 may overwrite its own memory, and abort, when one changes its line in a single row. */
export function isToBeTyped({ height, pid }: Pane): boolean {
  return height === 1 && shellName(pid) === "bash";
}

/**
 * Leaves a command for the pane's shell; withdraw() takes it back, putBack() for good.
 * @returns its file; undefined when there can be none (a full disk, a state folder that is gone), and where isToBeTyped()
 * @throws AppError ERR_PANE_BUSY when another one waits there
 */
export function leaveCommand(pane: Pane, command: string): Left | undefined {
  const folder = isToBeTyped(pane) ? undefined : trustedFolder(pane.pid);
  if (folder === undefined) return undefined;
  const path = `${folder}/take-${pane.pid}`;
  const quick = quickCreate(path, command);
  if (quick >= 0) return leftAt(path, quick);
  for (let isFirst = true; ; isFirst = false) {
    let fd: number | undefined;
    try {
      fd = fs().openSync(path, "wx", 0o600);
      fs().writeFileSync(fd, command);
      return leftAt(path, fd);
    } catch (cause) {
      if (errno(cause) === undefined) throw cause;
      if (fd !== undefined) takeBack(leftAt(path, fd)); // a part of it, when the disk is full
      if (errno(cause) !== "EEXIST") return undefined;
    }
    if (!isFirst || !withdrawStale(path)) throw busy(pane);
  }
}

function leftAt(path: string, fd: number): Left {
  return { path, fd, inode: quickFstat(fd)?.inode ?? fs().fstatSync(fd, { bigint: true }).ino, isBack: false };
}

/** Takes back what somebody left who is no more; false when that is not certain. */
function withdrawStale(path: string): boolean {
  let fd: number;
  try {
    fd = fs().openSync(path, "r");
  } catch {
    return true; // it has been taken meanwhile
  }
  const isStale = Math.abs(Date.now() - fs().fstatSync(fd).mtimeMs) > STALE_MS;
  const left = leftAt(path, fd);
  if (isStale) withdraw(left);
  close(left);
  return isStale;
}

/** Whether the shell has not taken that very file yet. */
export function isStillLeft({ path, inode }: Left): boolean {
  if (!exists(path)) return false;
  return inode === (quickLstat(path)?.inode ?? fs().lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino);
}

/** Takes a command back, if that was not done before; false when the shell has taken it. What another one has left since then stays. */
export function withdraw(left: Left): boolean {
  left.isBack ||= isStillLeft(left) && isRemoved(left.path);
  return left.isBack;
}

function isRemoved(path: string): boolean {
  if (quickRemove(path)) return true;
  if (!exists(path)) return false;
  try {
    fs().unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Takes a command back, for good; false when the shell has taken it. */
export function takeBack(left: Left): boolean {
  const isBack = withdraw(left);
  close(left);
  return isBack;
}

function close({ fd }: Left): void {
  if (quickClose(fd)) return;
  try {
    fs().closeSync(fd);
  } catch {
    // it is closed all the same (close(2))
  }
}

/** A command that waits in its file for a shell whose key has been pressed. */
export interface Handed {
  pane: Pane;
  /** the prompt at which it was pressed */
  prompt: ShellState;
  file: Left;
  /** of the typing */
  stamp: string;
  /** how often it has not been taken in time, and how often the key was pressed again */
  waits?: number;
  presses?: number;
}

/** How often the key is pressed again: as it is, and then after what ends a search, which may lose a draft. */
const PRESSES_MAX = 3;
const WAITS_MAX = 20;

/** Waits until the shell has taken the command. Throws ERR_COMMAND_FAILED when it does not. */
export async function untilTaken(server: TmuxServer, handed: Handed): Promise<void> {
  const begin = performance.now();
  let end = begin + TAKE_MS;
  while (end !== Number.POSITIVE_INFINITY) {
    if (!isStillLeft(handed.file)) return;
    const now = performance.now();
    // most take it at once: a timer's millisecond would be the longest part of it
    if (now < begin + AT_ONCE_MS) sleepBriefly(LOOK_MS);
    else await sleep(1);
    if (now >= end) end = await askAgain(server, handed);
  }
}

const AT_ONCE_MS = 5;

/**
 * Asks a shell that has not taken its command in time once more.
 * @returns until when it may take (ms of performance.now()), for ever if it has taken it
 * @throws AppError ERR_COMMAND_FAILED when that had no effect; then the command is taken back
 */
export async function askAgain(server: TmuxServer, handed: Handed): Promise<number> {
  const step = nextStep(handed);
  if (step.commands) await tmuxAsync(server, step.commands);
  if (step.error) throw step.error;
  return step.isTaken ? Number.POSITIVE_INFINITY : performance.now() + TAKE_MS;
}

function nextStep(handed: Handed): { isTaken?: true; commands?: TmuxCommand[]; error?: AppError } {
  const { pane, file, stamp, waits = 0, presses = 0 } = handed;
  if (!isStillLeft(file)) return { isTaken: true };
  handed.waits = waits + 1;
  if (presses >= PRESSES_MAX || waits >= WAITS_MAX) {
    if (!withdraw(file)) return { isTaken: true };
    return { commands: [forgetTyping(pane.id, stamp)], error: notTaken(pane) };
  }
  // one that still draws its prompt has not come to read keys; one that sleeps has read them all
  if (!isResting(pane.pid)) return {};
  handed.presses = presses + 1;
  // the break by itself: some throw away what comes right after it
  return { commands: [pressAgain(handed, presses === 1 ? BREAK : PRIVATE_KEY)] };
}

/** Presses a key at that very prompt only. */
function pressAgain({ pane: { id }, prompt, stamp }: Handed, keys: string[]): TmuxCommand {
  const isThere = `#{?${isLastTyped(stamp)},${isToldLast(prompt)},0}`;
  return ["if-shell", "-F", "-t", id, isThere, quoteCommands(inPaneAlone(id, [["send-keys", "-t", id, ...keys]]))];
}

/** The command after which the pane does not count as running for a typing that came to nothing. */
export function forgetTyping(target: string, stamp: string): TmuxCommand {
  return ["if-shell", "-F", "-t", target, isLastTyped(stamp), `set-option -p -t ${target} ${TYPED_OPTION} '${stamp} '`];
}

/** The error for a shell at its prompt that did not hear the key. */
function notTaken(pane: Pane): AppError {
  const message = `The shell of pane ${pane.paneId} of "${pane.session}" did not take the command: nothing was run`;
  return new AppError("ERR_COMMAND_FAILED", message, {
    hint: "See what it shows with pane-capture. Something may read its keys (a menu, a search), or its output may be stopped (Ctrl-Q lets it go on).",
  });
}
