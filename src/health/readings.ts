import { config } from "../lib/config.ts";
import { readTail } from "../lib/files.ts";
import { checkStateDir, type StatePaths } from "../lib/paths.ts";
import { runningAs } from "../process/holder.ts";
import { residentBytes } from "../process/identity.ts";
import { type Check, checkHealth, countErrors, type Health } from "./checks.ts";
import { ageOf, readHeartbeat } from "./heartbeat.ts";

const LOG_TAIL_BYTES = 32_768;

/**
 * How the daemon is, and which process it is, from files and the process table alone: it answers while the daemon hangs, and never waits on it.
 * Throws ERR_UNSAFE_STATE_DIR.
 */
export function readHealth(paths: StatePaths): { verdict: Health; checks: Check[]; pid: number | undefined } {
  checkStateDir(paths.dir);
  const holder = runningAs("daemon", paths.daemonLock);
  const beat = readHeartbeat(paths.heartbeat);
  const health = checkHealth(
    {
      pid: holder?.pid,
      heartbeatAgeS: ageOf(beat, holder?.pid),
      residentBytes: holder && residentBytes(holder.pid),
      queue: beat?.queue,
      unwritten: beat?.unwritten,
      errors: countErrors(readTail(paths.daemonLog, LOG_TAIL_BYTES)),
    },
    config,
  );
  return { ...health, pid: holder?.pid };
}
