import { existsSync, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { AppError } from "../lib/errors.ts";
import { readFrom, readTail } from "../lib/files.ts";
import { checkStateDir } from "../lib/paths.ts";
import { printText } from "./print.ts";
import { streaming } from "./streaming.ts";

/** How many lines of a log to print. */
export const linesArg = { type: "positional", description: "how many lines", default: "50", kind: "count" } as const;

/** Whether to go on printing. */
export const followArg = {
  type: "boolean",
  description: "go on printing what is added, until a signal n (exit code 128 + n)",
} as const;

const BYTES_PER_LINE = 4096;

/**
 * Prints the end of a log and, if asked, what is added to it until the reader has had enough or a signal comes. Returns
 * the exit code.
 */
export async function showLog(file: string, options: { lines: number; follow: boolean }): Promise<number> {
  const count = options.lines;
  if (!checkStateDir(dirname(file))) {
    throw new AppError("ERR_DAEMON_NOT_RUNNING", "There is no log: nothing has run yet", {
      hint: "Start it with: claude-tmux daemon start",
    });
  }
  if (!options.follow) {
    printEnd(file, count);
    return 0;
  }
  // before the first line is printed: whoever has read it may send the signal at once
  return await streaming((signal) => printAdded(file, count, signal));
}

/** Prints the last lines; returns where the file ended then (bytes), or undefined when nobody reads any more. */
function printEnd(file: string, count: number): number | undefined {
  const position = existsSync(file) ? statSync(file).size : 0;
  const tail = readTail(file, count * BYTES_PER_LINE, position);
  const lines = tail.trimEnd().split("\n").slice(-count);
  return lines.some((line) => line !== "") && !printText(lines.join("\n")) ? undefined : position;
}

async function printAdded(file: string, count: number, signal: AbortSignal): Promise<number> {
  let position = printEnd(file, count);
  if (position === undefined) return 0;
  const ended = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => ended.resolve(), { once: true });
  if (signal.aborted) return 0;
  const look = () => {
    try {
      const added = readFrom(file, position ?? 0);
      position = added.position;
      if (added.text !== "" && !printText(added.text.trimEnd())) ended.resolve();
    } catch (thrown) {
      ended.reject(thrown);
    }
  };
  // the folder, not the file: it may not be there yet, or be replaced
  const watcher = watch(dirname(file), (_, name) => {
    if (name === null || name === basename(file)) look();
  });
  look(); // what was written before the watch began
  try {
    await ended.promise;
    return 0;
  } finally {
    watcher.close();
  }
}
