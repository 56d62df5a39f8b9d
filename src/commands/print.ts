import { fs } from "../lib/builtin.ts";
import { config } from "../lib/config.ts";
import { errno } from "../lib/errors.ts";
import { isClosedByReader, isTerminal, isWritable, quickWrite } from "../lib/libc.ts";
import { sleep } from "../lib/wait.ts";

/**
 * Writes an answer to stdout, all of it, with a newline: a reader who is slow slows this program down. A reader that has
 * closed the pipe (`… | head -1`) has what it wanted: that is not an error, and the exit code stays what the answer says.
 * False when nobody reads any more.
 */
export function print(text: string): boolean {
  return write(1, `${text}\n`);
}

/** As print(), for who has something else to do while a slow reader takes its time. */
export async function printSlowly(text: string): Promise<boolean> {
  const bytes = new TextEncoder().encode(`${text}\n`);
  for (let done = 0; done < bytes.length; done += PIECE_BYTES) {
    while (!isWritable(1)) await sleep(1);
    if (!writeBytes(1, bytes.subarray(done, done + PIECE_BYTES))) return false;
  }
  return true;
}

/** What a pipe that can be written to takes without waiting: PIPE_BUF of Linux (pipe(7)). */
const PIECE_BYTES = 4096;

/**
 * Looks now and then whether anybody still reads stdout, and calls back when not: a silent source gives no line to fail
 * with. To be ended with clearInterval().
 */
export function whenUnread(call: () => void): Timer {
  return setInterval(() => {
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

/** Whether stdout shows colours: a terminal, and no NO_COLOR. */
export function isColorful(): boolean {
  return !config.noColor && isTerminal(1);
}

const READER_CHECK_MS = 250;

function write(fd: number, text: string): boolean {
  return writeBytes(fd, new TextEncoder().encode(text));
}

function writeBytes(fd: number, bytes: Uint8Array): boolean {
  const written = quickWrite(fd, bytes); // node:fs would cost 4 ms at the start, process.stdout 15
  for (let done = written === -1 ? 0 : written; done < bytes.length; ) {
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
