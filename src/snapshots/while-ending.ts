import { AppError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";

const ENDING_TRIES = 25;
const ENDING_MS = 20;

/** A server that is just ending (`tmux kill-server` a moment ago) takes the call and is gone: then the next is started. */
export async function whileEnding<T>(start: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (thrown) {
      const isEnding = thrown instanceof AppError && thrown.code === "ERR_TMUX_NOT_RUNNING";
      if (!isEnding || tries === ENDING_TRIES) throw thrown;
      await sleep(ENDING_MS);
    }
  }
}
