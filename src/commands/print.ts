import { fs } from "../lib/builtin.ts";
import { config } from "../lib/config.ts";
import { errno } from "../lib/errors.ts";
import { jsonText } from "../lib/json.ts";
import { isClosedByReader, isTerminal, isWritable, quickWrite } from "../lib/libc.ts";
import { escapeControls } from "../lib/plain-text.ts";
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
export function printSlowly(text: string): Promise<boolean> {
  return writeSlowly(`${text}\n`);
}

/** As printSlowly(), without a newline. */
export async function writeSlowly(text: string): Promise<boolean> {
  const bytes = new TextEncoder().encode(text);
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

/** An answer in words, as print(): control characters of whatever it tells are shown, and no terminal acts upon them. */
export function printText(text: string): boolean {
  return print(escapeControls(text));
}

/** Writes to stderr, the human log; as printText(), after what leads to it, which is written as it is. */
export function printError(text: string, lead = ""): boolean {
  return write(2, `${lead}${escapeControls(text)}\n`);
}

/** A value as JSON: one line, as every `--json` answer of daemon and watchdog. */
export function printJson(value: unknown): boolean {
  return print(jsonText(value));
}

/** Whether stdout, or stderr (2), shows colours: a terminal that can, and no NO_COLOR. */
export function isColorful(fd: 1 | 2 = 1): boolean {
  return !config.noColor && !config.isDumbTerminal && isTerminal(fd);
}

/** Writes something to stderr, as it is, if that does not have to wait: what is not worth that. */
export function hint(text: string): void {
  if (isWritable(2)) write(2, text);
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
