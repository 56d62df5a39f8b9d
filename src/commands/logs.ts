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
  isOfTerminal: true,
} as const;

const BYTES_PER_LINE = 4096;

/**
 * The last lines of a log, none if it is empty or not there, and where it ended then (bytes). Throws
 * ERR_DAEMON_NOT_RUNNING without a state folder, ERR_UNSAFE_STATE_DIR.
 */
export function readLog(file: string, count: number): { lines: string[]; position: number } {
  if (!checkStateDir(dirname(file))) {
    throw new AppError("ERR_DAEMON_NOT_RUNNING", "There is no log: nothing has run yet", {
      hint: "Start it with: claude-tmux daemon start",
    });
  }
  const position = existsSync(file) ? statSync(file).size : 0;
  const tail = readTail(file, count * BYTES_PER_LINE, position);
  const lines = tail.trimEnd().split("\n").slice(-count);
  return { lines: lines.some((line) => line !== "") ? lines : [], position };
}

/** Lines of a log as they are printed; undefined for none. */
export function logText({ lines }: { lines: string[] }): string | undefined {
  return lines.length === 0 ? undefined : lines.join("\n");
}

/**
 * Prints the end of a log, and what is added to it until the reader has had enough or a signal comes. Returns the exit
 * code. Throws as readLog.
 */
export async function followLog(file: string, count: number): Promise<number> {
  // before the first line is printed: whoever has read it may send the signal at once
  return await streaming((signal) => printAdded(file, count, signal));
}

async function printAdded(file: string, count: number, signal: AbortSignal): Promise<number> {
  const end = readLog(file, count);
  const text = logText(end);
  if (text !== undefined && !printText(text)) return 0;
  let { position } = end;
  const ended = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => ended.resolve(), { once: true });
  if (signal.aborted) return 0;
  const look = () => {
    try {
      const added = readFrom(file, position);
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
