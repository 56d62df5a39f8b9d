import { requestSync } from "../ipc/client.ts";
import { AppError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { runningAs } from "../process/holder.ts";

/**
 * Why a change of the subscriptions is not acted upon yet, or that the daemon which does is of another version: for a
 * person, and whether a daemon runs at all.
 */
export interface Delay {
  text: string;
  isRunning: boolean;
}

/** Makes a running daemon act on the subscriptions in the database now; returns what is to be said about that, if anything. */
export async function activate(paths: StatePaths): Promise<Delay | undefined> {
  if (!runningAs("daemon", paths.daemonLock)) {
    const text = "The daemon is not running: this takes effect when it starts (claude-tmux daemon start).";
    return { text, isRunning: false };
  }
  try {
    const { otherVersion } = await requestSync(paths.daemonSocket);
    return otherVersion === undefined ? undefined : { text: `${otherVersion}.`, isRunning: true };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const text = `${thrown.message}: this is stored, and takes effect when the daemon serves again.`;
    return { text: thrown.hint === undefined ? text : `${text}\n${thrown.hint}`, isRunning: true };
  }
}
