import { findPane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { activityOf } from "./activity.ts";
import { deadlineAfter, type Ended, lastEnded } from "./ended.ts";
import { deadPane } from "./exec.ts";

/** Which pane is waited for, and how long (seconds; undefined: as long as it takes). */
export interface WaitOptions {
  session: string;
  pane: string;
  timeoutS: number | undefined;
  stateDir: () => string;
  /** aborted to give up; `reason` is thrown */
  signal?: AbortSignal | undefined;
}

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
  const pane = findPane(server, options.session, options.pane);
  if (pane.isDead) throw deadPane(pane);
  if (!activityOf(pane).isRunning) return lastEnded(pane);
  // most waits find nothing to wait for: the rest is loaded, and signals are taken, when there is
  const { untilIdle } = await import("./completion.ts");
  return await interruptible((signal) => untilIdle(server, pane, { ...options, signal, deadline }));
}
