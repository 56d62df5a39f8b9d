import { undoLeftOver } from "../gc/kinds.ts";
import { leftInTmux } from "../gc/left-over.ts";
import type { StatePaths } from "../lib/paths.ts";
import { within } from "../lib/wait.ts";
import { type Affected, stop } from "../lifecycle/roles.ts";
import { runningAs } from "../process/holder.ts";
import { wakingHooks } from "../tmux/global-hooks.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

const RELEASE_MS = 2000;

/**
 * Stops the watchdog and the daemon, and takes from tmux what one that had been killed before, or did not go in time, has left
 * there: hooks, pipes, holds. Returns what was stopped. Throws ERR_UNSAFE_STATE_DIR.
 */
export async function stopForGood(server: TmuxServer, paths: StatePaths): Promise<Affected[]> {
  const stopped = await stop(paths);
  // a service manager may have started the next one, which has hooks of the same name
  if (runningAs("daemon", paths.daemonLock) || runningAs("watchdog", paths.watchdogLock)) return stopped;
  // no server, or one that hangs: nothing is left there, or whoever comes next takes it away
  await within(
    RELEASE_MS,
    release(server, paths).catch(() => {}),
  );
  return stopped;
}

async function release(server: TmuxServer, paths: StatePaths): Promise<void> {
  await tmuxAsync(server, wakingHooks(paths.dir).unset, { timeoutMs: RELEASE_MS });
  await undoLeftOver(await leftInTmux(server, paths, { timeoutMs: RELEASE_MS }));
}
