import { readHealth } from "../health/readings.ts";
import type { StatePaths } from "../lib/paths.ts";
import { runningAs } from "../process/holder.ts";
import type { Finding } from "./plan.ts";

/** How daemon and watchdog are, from files and the process table. Throws ERR_UNSAFE_STATE_DIR. */
export function readFinding(paths: StatePaths): Finding {
  // the pid that the verdict is about: looked up again, it could be that of a daemon that has come meanwhile
  const { pid: daemon, verdict, checks } = readHealth(paths);
  return { verdict, checks, daemon, watchdog: runningAs("watchdog", paths.watchdogLock)?.pid };
}
