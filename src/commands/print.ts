import { fs } from "../lib/builtin.ts";
import { config } from "../lib/config.ts";
import { errno } from "../lib/errors.ts";

/**
 * Writes an answer to stdout, all of it, with a newline. A reader that has closed the pipe (`… | head -1`) has what
 * it wanted: that is not an error, and the exit code stays what the answer says. False when nobody reads any more.
 */
export function print(text: string): boolean {
  const line = `${text}\n`;
  // the writer for the one short answer of most commands; who prints more writes directly, and waits where a pipe is full
  const isAnswer = isFirst && line.length <= SHORT_MAX;
  isFirst = false;
  return isAnswer || isWaiting ? writeShort(line) : write(1, line);
}

/** As print(), for who prints without end: directly, so that a reader who is slow slows it down. */
export function printMore(text: string): boolean {
  isFirst = false;
  return print(text);
}

/** Resolves when everything that was printed is on its way; to be awaited before the process ends. */
export async function printed(): Promise<void> {
  await waiting;
}

/**
 * Looks now and then whether anybody still reads stdout, and calls back when not: a silent source gives no line to fail
 * with. To be ended with clearInterval().
 */
export function whenUnread(call: () => void): Timer {
  return setInterval(async () => {
    const { isClosedByReader } = await import("../lib/libc.ts"); // here, since most commands print once and end
    if (isClosedByReader(1)) call();
  }, READER_CHECK_MS);
}

/** Writes to stderr, the human log. */
export function printError(text: string): boolean {
  return write(2, `${text}\n`);
}

/** A value as JSON: one line, as every `--json` answer of daemon and watchdog. */
export function printJson(value: unknown): boolean {
  return print(JSON.stringify(value));
}

/** Whether stdout shows colours: a terminal, and no NO_COLOR. Loads node:tty only here: it costs 10 ms. */
export async function isColorful(): Promise<boolean> {
  if (config.noColor) return false;
  const { isatty } = await import("node:tty");
  return isatty(1);
}

const READER_CHECK_MS = 250;
// what a pipe takes in one piece (PIPE_BUF, pipe(7))
const SHORT_MAX = 4096;
let isFirst = true;
let isWaiting = false;
let waiting: Promise<unknown> = Promise.resolve();

/** Through Bun's own writer: node:fs costs 4 ms at start, process.stdout 15. It waits where a pipe is full. */
function writeShort(line: string): boolean {
  try {
    const writer = Bun.stdout.writer();
    const bytes = writer.write(line);
    const flushed = writer.flush();
    if (flushed === bytes) return true;
    isWaiting = true;
    waiting = Promise.all([waiting, Promise.resolve(flushed).catch(ignoreClosed)]);
    return true;
  } catch (cause) {
    if (errno(cause) === "EPIPE") return false;
    throw cause;
  }
}

/** A reader that has gone meanwhile has what it wanted. */
function ignoreClosed(cause: unknown): void {
  if (errno(cause) !== "EPIPE") throw cause;
}

function write(fd: number, text: string): boolean {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += fs().writeSync(fd, bytes, done);
    } catch (cause) {
      if (errno(cause) === "EAGAIN") Bun.sleepSync(1);
      else if (errno(cause) === "EPIPE") return false;
      else throw cause;
    }
  }
  return true;
}
