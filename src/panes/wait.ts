import { noteAwaited, noteAwaitedIfIdle } from "../tmux/command-note.ts";
import { findPane, type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { isUntold } from "../verdict/reading.ts";
import { isBusy, prepareVerdict } from "../verdict/verdict.ts";
import type { WaitOptions } from "./completion.ts";
import { deadPane } from "./dead-pane.ts";
import { deadlineAfter, type Ended, givenUp, isGivenUp, lastEnded, orPaneGone } from "./ended.ts";

/**
 * Waits until what runs in a pane has ended; at once if nothing does.
 * @param interruptible gives the waiting itself the signal to stop, where there is any
 * @throws AppError ERR_TIMEOUT; ERR_COMMAND_FAILED for a pane that is dead already or is killed
 */
export async function waitForPane(
  server: TmuxServer,
  options: WaitOptions,
  interruptible: (wait: (signal: AbortSignal) => Promise<Ended>) => Promise<Ended>,
): Promise<Ended> {
  const deadline = deadlineAfter(options.timeoutS);
  const pane = findAwaited(server, options);
  if (pane.isDead) throw deadPane(pane);
  if (!(await isBusy(pane))) return isUntold(pane) ? await askedEnd(server, pane) : lastEnded(pane);
  // most waits find nothing to wait for: the rest is loaded, and signals are taken, when there is
  const { untilIdle } = await import("./completion.ts");
  const ended = await interruptible(async (signal) => {
    try {
      return await untilIdle(server, pane, { ...options, signal, deadline });
    } catch (thrown) {
      if (isGivenUp(thrown, signal)) options.onLeft?.();
      throw await orPaneGone(givenUp(thrown, signal), pane);
    }
  });
  noteTold(server, ended);
  return ended;
}

/** As lastEnded(), of a pane whose shell's word is not known: it is asked. */
async function askedEnd(server: TmuxServer, pane: Pane): Promise<Ended> {
  const { askedForPrompt } = await import("./lost-prompt.ts");
  return lastEnded(await askedForPrompt(server, pane));
}

function noteTold(server: TmuxServer, { pane, paneEnded }: Ended): void {
  if (paneEnded) return;
  try {
    tmux(server, [noteAwaited(pane.id)]);
  } catch {
    // the pane has gone since
  }
}

/** The pane. It is noted that somebody has asked how its last command ended, if it has: in the same call if that can be. */
function findAwaited(server: TmuxServer, { session, pane: name }: WaitOptions): Pane {
  const index = indexTarget(session, parsePane(name));
  if (index === undefined) {
    const pane = findPane(server, session, name, { meanwhile: prepareVerdict });
    if (pane.typed.stamp !== "" && pane.shell?.word === "idle") tmux(server, [noteAwaitedIfIdle(pane.id)]);
    return pane;
  }
  const list = panesCommand(session);
  try {
    return pickPane(parsePanes(tmux(server, [list, noteAwaitedIfIdle(index)])), { session, pane: name });
  } catch {
    return findPane(server, session, name); // says which panes there are
  }
}
