import { ReadingClient } from "./reading-client.ts";
import type { TmuxServer } from "./server.ts";

/** How long it may wait for a second call. */
const IDLE_MS = 500;
let early: { flags: string; client: ReadingClient } | undefined;

/**
 * Starts a client of tmux for the first call to a server: it takes as long to start as a short command of this program to be loaded
 * and read. What it is to do it reads from a pipe; where nothing comes, it does nothing, and ends with this process. No call need know of it.
 * @param serverOf may throw: whoever makes the call is told why
 */
export function startEarly(serverOf: () => TmuxServer): void {
  try {
    const server = serverOf();
    const client = ReadingClient.start(server, [], IDLE_MS);
    early = client && { flags: server.flags.join(" "), client };
  } catch {
    // so is whoever makes it without tmux
  }
}

/** The client that was started early for a server, for one who makes a call to it; undefined when there is none (any more). */
export function takeEarly({ flags }: TmuxServer): ReadingClient | undefined {
  if (early?.flags !== flags.join(" ")) return undefined;
  const { client } = early;
  early = undefined;
  return client;
}
