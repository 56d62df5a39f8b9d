import { existsSync, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { AppError } from "../lib/errors.ts";
import { readFrom, readTail } from "../lib/files.ts";
import { checkStateDir } from "../lib/paths.ts";
import { print, whenUnread } from "./print.ts";
import { positiveInteger } from "./values.ts";

/** How many lines of a log to print. */
export const linesArg = { type: "positional", description: "how many lines", default: "50" } as const;

/** Whether to go on printing. */
export const followArg = { type: "boolean", description: "go on printing what is added" } as const;

const BYTES_PER_LINE = 4096;

/** Prints the end of a log and, if asked, what is added to it until the reader has had enough or a signal comes. */
export async function showLog(file: string, options: { lines: string; follow: boolean }): Promise<number> {
  const count = positiveInteger("lines", options.lines);
  if (!checkStateDir(dirname(file))) {
    throw new AppError("ERR_DAEMON_NOT_RUNNING", "There is no log: nothing has run yet", {
      hint: "Start it with: claude-tmux daemon start",
    });
  }
  const ended = Promise.withResolvers<void>();
  // before the first line is printed: whoever has read it may send the signal at once
  if (options.follow) for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => ended.resolve());
  let position = existsSync(file) ? statSync(file).size : 0;
  const tail = readTail(file, count * BYTES_PER_LINE, position);
  const lines = tail.trimEnd().split("\n").slice(-count);
  if (lines.some((line) => line !== "") && !print(lines.join("\n"))) return 0;
  if (!options.follow) return 0;
  const printAdded = () => {
    try {
      const added = readFrom(file, position);
      position = added.position;
      if (added.text !== "" && !print(added.text.trimEnd())) ended.resolve();
    } catch (thrown) {
      ended.reject(thrown);
    }
  };
  // the folder, not the file: it may not be there yet, or be replaced
  const watcher = watch(dirname(file), (_, name) => {
    if (name === null || name === basename(file)) printAdded();
  });
  const readers = whenUnread(() => ended.resolve());
  printAdded(); // what was written before the watch began
  try {
    await ended.promise;
    return 0;
  } finally {
    clearInterval(readers);
    watcher.close();
  }
}
