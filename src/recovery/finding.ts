import { readHealth } from "../health/readings.ts";
import type { StatePaths } from "../lib/paths.ts";
import { runningAs } from "../process/holder.ts";
import type { Finding } from "./plan.ts";

/** How daemon and watchdog are, from files and the process table. Throws ERR_UNSAFE_STATE_DIR. */
export function readFinding(paths: StatePaths): Finding {
  return {
    ...readHealth(paths),
    daemon: runningAs("daemon", paths.daemonLock)?.pid,
    watchdog: runningAs("watchdog", paths.watchdogLock)?.pid,
  };
}
