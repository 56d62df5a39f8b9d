import { AppError, asError, expectedError } from "../lib/errors.ts";
import { type Log, openLog } from "../lib/log.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { announce } from "../process/background.ts";

/** The option by which a background process learns where to say that it is ready (s6's readiness protocol). */
export const readyFdArg = {
  type: "string",
  description: "write a line to this file descriptor when ready, as s6 and supervisors like it expect",
  valueHint: "fd",
} as const;

/**
 * Runs the daemon or the watchdog in this process: opens its log, turns SIGTERM, SIGINT and SIGHUP into an abort, and
 * announces readiness, or the failure to get there, to whoever started it. Returns the exit code.
 */
export async function runRole(options: {
  paths: StatePaths;
  logFile: string;
  readyFd: string | undefined;
  run(log: Log, onReady: () => void, signal: AbortSignal): Promise<number>;
}): Promise<number> {
  const readyFd = options.readyFd === undefined ? undefined : descriptor(options.readyFd);
  const abort = new AbortController();
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, () => abort.abort());
  let isReady = false;
  let log: Log | undefined;
  try {
    ensureStateDir(options.paths);
    const opened = openLog({ file: options.logFile, stderr: readyFd === undefined });
    log = opened;
    for (const event of ["uncaughtException", "unhandledRejection"] as const) {
      process.on(event, (thrown: unknown) => {
        opened.error(`${event}: ${asError(thrown).stack}`);
        process.exit(70); // EX_SOFTWARE of sysexits.h: a bug, which the watchdog answers with a restart
      });
    }
    const onReady = () => {
      isReady = true;
      if (readyFd !== undefined) announce(readyFd);
    };
    return await options.run(opened, onReady, abort.signal);
  } catch (thrown) {
    const error = asError(thrown);
    const failure = expectedError(error) ?? new AppError("ERR_COMMAND_FAILED", error.stack ?? error.message);
    if (!isReady) log?.error(`could not start: ${failure.message}`);
    if (readyFd !== undefined && !isReady) announce(readyFd, failure);
    throw thrown;
  }
}

function descriptor(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new AppError("ERR_INVALID_ARGUMENT", `--ready-fd "${text}" is not a file descriptor`);
}
