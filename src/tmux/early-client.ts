import { ReadingClient } from "./reading-client.ts";
import type { TmuxServer } from "./server.ts";

/** How long it waits for its first call, and for the next: a server without sessions does not end before its clients do. */
const IDLE_MS = 500;
let early: { flags: string; client: ReadingClient; timer: Timer } | undefined;

/**
 * Starts a client of tmux for the first call to a server: it takes as long to start as a short command of this program to be loaded
 * and read. What it is to do it reads from a pipe; where nothing comes, it does nothing. No call need know of it.
 * @param serverOf may throw: whoever makes the call is told why
 */
export function startEarly(serverOf: () => TmuxServer): void {
  try {
    const server = serverOf();
    const client = ReadingClient.start(server, [], IDLE_MS);
    if (client) early = { flags: server.flags.join(" "), client, timer: setTimeout(dropEarly, IDLE_MS).unref() };
  } catch {
    // so is whoever makes it without tmux
  }
}

/** The client that was started early for a server, for one who makes a call to it; undefined when there is none (any more). */
export function takeEarly({ flags }: TmuxServer): ReadingClient | undefined {
  if (early?.flags !== flags.join(" ")) return undefined;
  const { client, timer } = early;
  clearTimeout(timer);
  early = undefined;
  return client;
}

/** Ends the client that nobody has taken, also where its server hangs. */
export function dropEarly(): void {
  early?.client.kill();
  early = undefined;
}
