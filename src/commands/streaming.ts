import { AppError } from "../lib/errors.ts";
import { interruptible } from "./interrupt.ts";
import { whenUnread } from "./print.ts";

/**
 * Runs what prints until it is over, with a signal that SIGINT, SIGTERM and SIGHUP abort, and a reader who has gone away.
 * @returns what `run` returns; 128 + the signal's number when a signal ended it, 0 when nobody reads any more
 */
export async function streaming(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  return await interruptible(async (interrupted) => {
    const noReader = new AbortController();
    const signal = AbortSignal.any([interrupted, noReader.signal]);
    const timer = whenUnread(() =>
      noReader.abort(new AppError("ERR_COMMAND_FAILED", "Nobody reads the lines any more", { exitCode: 0 })),
    );
    try {
      const exitCode = await run(signal);
      return signal.aborted ? signal.reason.exitCode : exitCode;
    } catch (thrown) {
      if (signal.aborted && thrown === signal.reason) return signal.reason.exitCode;
      throw thrown;
    } finally {
      clearInterval(timer);
    }
  });
}
