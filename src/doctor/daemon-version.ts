import { fetchStatus } from "../ipc/client.ts";
import { otherVersion } from "../ipc/protocol.ts";
import { checkStateDir, type StatePaths, stateRoot } from "../lib/paths.ts";
import { VERSION } from "../lib/self.ts";
import { runningAs } from "../process/holder.ts";
import type { Finding } from "./finding.ts";

/** Whether the daemon that runs is of this version; nothing when it is, and when nobody can tell. Never throws. */
export async function daemonVersion(paths: StatePaths): Promise<Finding[]> {
  try {
    if (!checkStateDir(stateRoot()) || !checkStateDir(paths.dir)) return [];
    if (!runningAs("daemon", paths.daemonLock)) return [];
    const { version } = await fetchStatus(paths.daemonSocket);
    const [message, command] = otherVersion(version, VERSION)?.split(": ") ?? [];
    if (message === undefined) return [];
    return [{ check: "version", verdict: "warning", message, advice: `To run this one: ${command}` }];
  } catch {
    return []; // "state folder" or "daemon" says why
  }
}
