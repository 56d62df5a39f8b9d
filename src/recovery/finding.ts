import { readHealth } from "../health/readings.ts";
import { answers } from "../ipc/client.ts";
import type { StatePaths } from "../lib/paths.ts";
import { poll } from "../lib/wait.ts";
import { runningAs } from "../process/holder.ts";
import { isToldToEnd } from "../process/identity.ts";
import { readWatchdogStatus } from "../watchdog/status.ts";
import type { DaemonCondition } from "./plan.ts";

/** How daemon and watchdog are, from files and the process table. Throws ERR_UNSAFE_STATE_DIR. */
export function readFinding(paths: StatePaths): DaemonCondition {
  // the pid that the verdict is about: looked up again, it could be that of a daemon that has come meanwhile
  const { pid: daemon, verdict, checks } = readHealth(paths);
  return { verdict, checks, daemon, watchdog: runningAs("watchdog", paths.watchdogLock)?.pid };
}

/** How long a daemon may take to end: longer than whoever ends it waits before SIGKILL. */
const LEAVING_MS = 10_000;

/**
 * As readFinding, once it is certain: a daemon that has just been told to end looks as healthy as ever until it is gone,
 * but answers no more. One that goes on so is unhealthy.
 */
export async function settledFinding(paths: StatePaths): Promise<DaemonCondition> {
  let finding = readFinding(paths);
  const isCertain = await poll(LEAVING_MS, 20, async () => {
    if (finding.verdict === "unhealthy") return true;
    if (!isLeaving(finding, paths) && (await answers(paths.daemonSocket)) && !isLeaving(finding, paths)) return true;
    finding = readFinding(paths);
    return false;
  });
  return isCertain ? finding : { ...finding, verdict: "unhealthy" };
}

/** Whether the daemon, or its watchdog, which ends it, has been told to end. */
function isLeaving({ daemon, watchdog }: DaemonCondition, paths: StatePaths): boolean {
  if ([daemon, watchdog].some((pid) => pid !== undefined && isToldToEnd(pid))) return true;
  return watchdog !== undefined && readWatchdogStatus(paths.watchdogStatus)?.state === "stopping";
}
