import { LinkedAbort } from "../lib/linked-abort.ts";

/** The path of the daemon's socket at which it passes on what a pane writes. */
export const OUTPUT_ROUTE = "/output";

/** The first byte of such an answer, which is no part of the output: headers are sent with the first bytes. */
export const OUTPUT_BEGINS = new Uint8Array([10]);

const TIMEOUT_MS = 1000;

/**
 * What a pane writes from now on, byte for byte, from a daemon that hears it: it ends when the daemon does not hear the
 * pane any more, or could not pass on all of it. Undefined when there is no daemon, or it does not hear this pane.
 * Without the schemas of client.ts, since short-lived commands come by here.
 * @param signal aborted to end it
 */
export async function fetchOutput(
  socket: string,
  pane: string,
  signal: AbortSignal,
): Promise<ReadableStreamDefaultReader<Uint8Array> | undefined> {
  // its end is that of the output, too
  const either = new LinkedAbort(signal);
  const timer = setTimeout(() => either.abort(), TIMEOUT_MS);
  try {
    const url = `http://daemon${OUTPUT_ROUTE}?pane=${encodeURIComponent(pane)}`;
    const response = await fetch(url, { unix: socket, signal: either.signal });
    if (!response.ok || !response.body) return undefined;
    const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    const first = await reader.read();
    return first.done ? undefined : reader;
  } catch {
    return undefined; // none is there, or it hangs
  } finally {
    clearTimeout(timer);
  }
}
