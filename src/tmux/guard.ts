import { closeSync } from "node:fs";
import { childEnv } from "../lib/config.ts";

// Starts the client with a reader of descriptor 3, which ends when the owner closes it or dies: the client is then ended
// if it does not go by itself. Its own output is closed, so that the client's ends with the client.
const GUARD = `exec 4<&0; tmux "$@" <&4 4<&- 3<&- & client=$!; trap '' INT QUIT HUP TERM; exec </dev/null >/dev/null 2>&1 4<&-; read -r _ <&3; kill -KILL $client`;

/** A tmux client that lasts. */
export interface GuardedClient {
  child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  /** Ends the client if it has not ended by itself; to be called in any case, for the guard ends with it. */
  release(): void;
}

/**
 * Starts a tmux client that stays. If its owner is killed, tmux may keep the client, and with it the server, for good: a
 * guard (a shell that waits) ends it then. `owner`, variables for its environment, makes it known to whoever clears up
 * should the guard be killed as well.
 */
export function spawnGuarded(args: string[], owner: Record<string, string>): GuardedClient {
  const child = Bun.spawn(["/bin/sh", "-c", GUARD, "sh", ...args], {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: childEnv({ TERM: "dumb", ...owner }),
  });
  let guard: number | undefined = child.stdio[3] as unknown as number;
  return {
    child: child as Bun.Subprocess<"pipe", "pipe", "pipe">,
    release() {
      if (guard !== undefined) closeSync(guard);
      guard = undefined;
    },
  };
}
