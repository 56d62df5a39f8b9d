import { AppError } from "../lib/errors.ts";

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };

/**
 * Runs what may take long with a signal that SIGINT, SIGQUIT, SIGTERM and SIGHUP abort, so that it can clear up before the
 * process ends. The reason of the abort is an AppError whose exit code is 128 + the signal's number, as shells show it.
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const handlers = Object.entries(NUMBERS).map(([name, number]) => {
    const exitCode = 128 + number;
    const handler = () => abort.abort(new AppError("ERR_COMMAND_FAILED", `Interrupted by ${name}`, { exitCode }));
    process.on(name, handler);
    return { name, handler };
  });
  try {
    return await run(abort.signal);
  } finally {
    for (const { name, handler } of handlers) process.off(name, handler);
  }
}
