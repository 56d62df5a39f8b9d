import { readOwner } from "../lib/folder-notes.ts";
import { knownDurableRoot, type StatePaths } from "../lib/paths.ts";
import { canonical } from "./canonical.ts";
import { runningAs } from "./holder.ts";
import { startEnvironment } from "./identity.ts";

/**
 * Whose a state folder is: the folder of what is to last (see durableRoot()) of the daemon or the watchdog that runs there, else of
 * the last daemon there, or of who has made it, as far as is noted; undefined where nobody knows.
 */
export function durableOf(paths: StatePaths): string | undefined {
  const running = runningAs("daemon", paths.daemonLock) ?? runningAs("watchdog", paths.watchdogLock);
  const told = running && knownDurableRoot(homeOf(running.pid));
  return told ?? readOwner(paths.dir)?.durable ?? undefined;
}

/** Whether that folder of what is to last is this process's, too, be it by another name. */
export function isOwnDurable(durable: string | undefined): boolean {
  const own = knownDurableRoot();
  return own !== undefined && durable !== undefined && (own === durable || canonical(own) === canonical(durable));
}

/** A variable that a process was started with; undefined where it was not, or was started with nothing. */
export function startVariable(pid: number, name: string): string | undefined {
  const pair = startEnvironment(pid).find((one) => one.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) || undefined;
}

function homeOf(pid: number) {
  const variable = (name: string) => startVariable(pid, name);
  return { stateHome: variable("XDG_STATE_HOME"), home: variable("HOME"), sudoUser: variable("SUDO_USER") };
}
