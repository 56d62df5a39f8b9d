import { requestSync } from "../ipc/client.ts";
import { AppError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { runningAs } from "../process/holder.ts";

/** Why a change of the subscriptions is not acted upon yet: for a person, and whether a daemon runs at all. */
export interface Delay {
  text: string;
  isRunning: boolean;
}

/** Makes a running daemon act on the subscriptions in the database now; returns why it does not, if so. */
export async function activate(paths: StatePaths): Promise<Delay | undefined> {
  if (!runningAs("daemon", paths.daemonLock)) {
    const text = "The daemon is not running: this takes effect when it starts (claude-tmux daemon start).";
    return { text, isRunning: false };
  }
  try {
    await requestSync(paths.daemonSocket);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return {
      text: `${thrown.message}: this is stored, and takes effect when the daemon serves again.`,
      isRunning: true,
    };
  }
}
