import { childEnv } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { type StreamOptions, streamPane } from "../panes/stream.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { printError, printSlowly } from "./print.ts";
import { streaming } from "./streaming.ts";

/**
 * Prints the lines of a pane until it ends, or feeds them to a filter, one process for all of them. Ends without an
 * error when nobody reads any more.
 * @returns the exit code: 0, the filter's own, or 128 + the number of the signal that ended it
 */
export async function streamLines(
  server: TmuxServer,
  options: Omit<StreamOptions, "signal"> & { filter: string | undefined },
): Promise<number> {
  return await streaming(async (signal) => {
    if (options.filter !== undefined)
      return await throughFilter(server, { ...options, signal, filter: options.filter });
    await streamPane(server, { ...options, signal }, { write: (lines) => printSlowly(lines.join("\n")), missed });
    return 0;
  });
}

async function throughFilter(server: TmuxServer, options: StreamOptions & { filter: string }): Promise<number> {
  const ended = new AbortController();
  const child = Bun.spawn(["/bin/sh", "-c", options.filter], {
    stdin: "pipe",
    stdout: "inherit",
    stderr: "inherit",
    env: childEnv(),
  });
  child.exited.then(() => ended.abort(FILTER_ENDED));
  // it may be what keeps us waiting
  options.signal.addEventListener("abort", () => child.kill(), { once: true });
  const write = async (lines: string[]) => {
    if (ended.signal.aborted) return false;
    try {
      child.stdin.write(`${lines.join("\n")}\n`);
      await child.stdin.flush();
      return true;
    } catch {
      return false; // it has closed its input
    }
  };
  try {
    const signal = AbortSignal.any([options.signal, ended.signal]);
    await streamPane(server, { ...options, signal }, { write, missed });
  } catch (thrown) {
    if (thrown !== FILTER_ENDED) {
      child.kill();
      throw thrown;
    }
  }
  try {
    await child.stdin.end();
  } catch {
    // it has closed its input, and what was left for it is of no use
  }
  const exitCode = await child.exited;
  options.signal.throwIfAborted();
  return exitCode;
}

function missed(): void {
  printError(
    "claude-tmux: for a moment the pane was not heard (it wrote too fast, or got another pipe): lines may be missing here",
  );
}

const FILTER_ENDED = new AppError("ERR_COMMAND_FAILED", "The filter has ended");
