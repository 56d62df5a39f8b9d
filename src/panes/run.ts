import { AppError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { commandLine } from "../process/identity.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmux, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isLastTyped } from "../tmux/typed.ts";
import { busy, unfinished } from "./busy.ts";
import { clearedRightOfCursor, clearingKeys } from "./clear-line.ts";
import { deadPane } from "./dead-pane.ts";
import { deadlineAfter, type Ended } from "./ended.ts";
import { type AfterTyping, stillAt, typeTextBy } from "./exec.ts";
import { forgetTyping, leaveCommand, takeBack } from "./hand-over.ts";
import { beforeTyping } from "./left-to-people.ts";
import { PaneListener } from "./listener.ts";
import { MarkWatch } from "./lost-mark.ts";
import { canBeMarked, markCommand } from "./marker.ts";
import { promptAgain, untilReady } from "./ready.ts";
import { untilEnd } from "./run-end.ts";
import { isBehindSecondary, leftOfCursor } from "./secondary-prompt.ts";

/** What to run, where and how. */
interface RunOptions {
  session: string;
  pane: string;
  command: string;
  /** seconds; undefined: as long as it takes */
  timeoutS: number | undefined;
  /** when that is over (ms of performance.now()), if it has begun already */
  deadline?: number;
  /** type a marker with the command, for a shell inside the pane's own (ssh, docker exec, su) */
  marker: boolean;
  stateDir: () => string;
  /** aborted to give up; `reason` is thrown */
  signal?: AbortSignal | undefined;
  /** is given what the command writes, as it comes: as the pane gets it, but for strings for the terminal */
  onOutput?: ((piece: Uint8Array) => void) | undefined;
  /** is told when it is given up, and what was typed goes on: its shell has it */
  onLeft?: (() => void) | undefined;
}

/**
 * Runs a command in a pane's shell and waits for its end, or that of the pane.
 * @throws AppError ERR_PANE_BUSY when something else runs there, ERR_PANE_DEAD, ERR_TIMEOUT (what it wrote so far in the
 *   details), ERR_COMMAND_FAILED when the shell did not take the command
 */
export async function runInPane(server: TmuxServer, options: RunOptions): Promise<Ended> {
  const { session, timeoutS } = options;
  const deadline = options.deadline ?? deadlineAfter(timeoutS);
  const refuse = (pane: Pane) => {
    if (pane.isDead) throw deadPane(pane);
    if (!options.marker && pane.shell?.word === "run") throw busy(pane);
  };
  await using listener = await PaneListener.open(server, { ...options, deadline, refuse });
  const { pane } = listener;
  if (pane.isDead) throw deadPane(pane);
  let prompt = options.marker ? undefined : await untilReady(server, listener, deadline, options);
  const isMarked = prompt === undefined;
  const words = commandLine(pane.pid);
  if (isMarked && !options.marker && !canBeMarked(words)) throw notMarkable(pane);
  // what somebody has begun on the line above would be run with it
  const left = isMarked && !options.marker ? await leftOfCursor(server, pane) : undefined;
  if (left && isBehindSecondary(left.whole)) throw unfinished(pane);
  if (left) await beforeTyping(listener.call, { session, pane: pane.id });
  const isCleared = left !== undefined && (await clearedRightOfCursor(server, pane));
  const isFish = /(^|\/)-?fish$/.test(words[0] ?? "") && !options.marker;
  const marked = isMarked ? markCommand(options.command, { flags: server.flags, isFish }) : undefined;
  const watch = isMarked ? new MarkWatch(server, pane, options, left?.text) : undefined;
  const text = marked?.text ?? options.command;
  const file = prompt && leaveCommand(pane, text);
  let stamp: string | undefined;
  try {
    if (marked?.buffer !== undefined)
      tmux(server, [["load-buffer", "-b", marked.buffer, "-"]], { input: marked.input });
    const typing = { session, target: pane.id, text, before: listener.holding() };
    const way = file === undefined ? { clear: clearingKeys(pane) } : { hands: true };
    let typedAt = performance.now();
    let typed: AfterTyping | undefined;
    for (let tries = 1; !typed; tries++) {
      typedAt = performance.now();
      await beforeTyping(listener.call, { session, pane: pane.id });
      const only = prompt ? stillAt(prompt, pane) : isLastTyped(pane.typed.stamp);
      typed = await typeTextBy(listener.call, server, { ...typing, ...way, only });
      if (typed) break;
      if (tries > 1) await sleep(AGAIN_MS);
      prompt = prompt && tries < TRIES ? await promptAgain(server, listener, deadline, prompt) : undefined;
      if (!prompt) throw busy(pane);
    }
    stamp = typed.stamp;
    const handed = prompt && file !== undefined ? { pane, prompt, file, stamp } : undefined;
    const end = {
      ...options,
      deadline,
      marked,
      watch,
      text,
      stamp,
      line: left?.whole,
      isCleared,
      row: typed.row,
      typedAt,
      prompt,
      handed,
    };
    return await untilEnd(server, listener, end);
  } finally {
    const isBack = file !== undefined && takeBack(file);
    if (!isBack && stamp !== undefined && options.signal?.aborted) options.onLeft?.();
    if (isBack && stamp !== undefined) await tmuxAsync(server, [forgetTyping(pane.id, stamp)]).catch(() => {});
    if (marked?.buffer !== undefined) forgetBuffer(server, marked.buffer);
  }
}

/** How often, and after what pause, a prompt is tried that something else has written over: fish may draw it several times. */
const TRIES = 10;
const AGAIN_MS = 20;

/** The error for a shell that tells nothing, and speaks no language in which it could be made to. */
function notMarkable(pane: Pane): AppError {
  const message = `Pane ${pane.paneId} of "${pane.session}" runs ${pane.command}, which can't tell how a command ends`;
  return new AppError("ERR_COMMAND_FAILED", message, {
    hint: "pane-exec-timeout waits for its end. For exit codes, use a pane with bash, zsh, fish or another POSIX shell.",
  });
}

function forgetBuffer(server: TmuxServer, buffer: string): void {
  try {
    tmux(server, [["delete-buffer", "-b", buffer]]);
  } catch {
    // it is gone with its server
  }
}
