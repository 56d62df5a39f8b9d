import { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { lastHolder } from "./holder.ts";
import { Lock } from "./lock.ts";

const TURN_MS = 60_000;
const LOOK_EVERY_MS = 20;

/**
 * Waits for the lock in a file, which those hold who do the same, one after the other.
 * @param what it is that they do: "collection"
 * @throws AppError ERR_TIMEOUT when another one has it for a minute
 */
export async function takeTurn(path: string, what: string): Promise<Lock> {
  const lock = await poll(TURN_MS, LOOK_EVERY_MS, () => Lock.acquire(path));
  if (lock) return lock;
  const pid = lastHolder(path)?.pid;
  const who = pid === undefined ? what : `${what} (PID: ${pid})`;
  const message = `Another ${who} has not ended within a minute`;
  throw new AppError("ERR_TIMEOUT", message, { hint: "It may hang or be stopped: look at it with ps." });
}
