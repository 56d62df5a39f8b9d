import { fs } from "../lib/builtin.ts";
import { config } from "../lib/config.ts";
import { errno } from "../lib/errors.ts";
import { isClosedByReader, isTerminal, quickWrite } from "../lib/libc.ts";

/**
 * Writes an answer to stdout, all of it, with a newline: a reader who is slow slows this program down. A reader that has
 * closed the pipe (`… | head -1`) has what it wanted: that is not an error, and the exit code stays what the answer says.
 * False when nobody reads any more.
 */
export function print(text: string): boolean {
  return write(1, `${text}\n`);
}

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

export { isTerminal };

const READER_CHECK_MS = 250;

function write(fd: number, text: string): boolean {
  const bytes = new TextEncoder().encode(text);
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
