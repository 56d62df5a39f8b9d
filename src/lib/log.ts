import { closeSync, constants, fstatSync, renameSync, writeSync } from "node:fs";
import { type ConsolaInstance, createConsola, type LogObject } from "consola/core";
import { config } from "./config.ts";
import { openPrivate } from "./files.ts";
import { escapeControls } from "./plain-text.ts";

/** A log of lines `[YYYY-MM-DD HH:MM:SS] LEVEL: message` (local time), as every claude-tmux log has them. */
export type Log = Pick<ConsolaInstance, "info" | "warn" | "error">;

/**
 * A log that appends to `file` (mode 0600) and, if asked, copies to stderr. A file that has grown large becomes `FILE.1`,
 * in the place of the one before it (where what Bun itself says on a background process's stderr goes on, too). A full
 * disk costs the line, never the process: a daemon must not die of its log.
 */
export function openLog(options: { file: string; stderr: boolean }): Log {
  return createConsola({
    // every line counts: consola would else hold back one that repeats itself
    throttle: 0,
    level: 3,
    reporters: [
      {
        log(entry) {
          const line = formatLine(entry);
          tryWrite(() => append(options.file, line));
          if (options.stderr) tryWrite(() => writeSync(2, line));
        },
      },
    ],
  });
}

/**
 * One log line; a message of several lines stays one, so that line counts mean entries, and what a callback says forges
 * none and moves no terminal.
 */
export function formatLine(entry: Pick<LogObject, "type" | "date" | "args">): string {
  const d = entry.date;
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const time = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  const text = entry.args.map((arg) => (arg instanceof Error ? (arg.stack ?? arg.message) : String(arg))).join(" ");
  return `[${day} ${time}] ${entry.type.toUpperCase()}: ${escapeControls(text.trimEnd()).replaceAll("\n", "\\n")}\n`;
}

function append(file: string, line: string): void {
  const fd = openPrivate(file, constants.O_WRONLY | constants.O_APPEND);
  let isFull: boolean;
  try {
    writeSync(fd, line);
    isFull = fstatSync(fd).size > config.logMaxMb * 1_000_000;
  } finally {
    closeSync(fd);
  }
  if (isFull) renameSync(file, `${file}.1`);
}

function tryWrite(write: () => void): void {
  try {
    write();
  } catch {
    // nothing is left to tell it to
  }
}
