import { writeSync } from "node:fs";
import { config } from "../lib/config.ts";
import { errno } from "../lib/errors.ts";

/**
 * Writes an answer to stdout, all of it, with a newline. A reader that has closed the pipe (`… | head -1`) has what
 * it wanted: that is not an error, and the exit code stays what the answer says. Synchronous: process.stdout would
 * cost 15 ms at start.
 */
export function print(text: string): boolean {
  return write(1, `${text}\n`);
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

function write(fd: number, text: string): boolean {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (cause) {
      if (errno(cause) === "EAGAIN") Bun.sleepSync(1);
      else if (errno(cause) === "EPIPE") return false;
      else throw cause;
    }
  }
  return true;
}
