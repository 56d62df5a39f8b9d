import { countKinds } from "../gc/kinds.ts";
import { findLeftOver } from "../gc/left-over.ts";
import { asError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { findByLockFile } from "../process/identity.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Finding } from "./finding.ts";

const CHECK = "left over";
const TOLD_MAX = 5;
const PATIENCE_MS = 2000;

/** Whether processes of ours, or what they left, are there that nobody needs. Never throws. */
export async function checkLeftOver(server: TmuxServer, paths: StatePaths): Promise<Finding> {
  try {
    return lostRoles(paths) ?? (await leftBehind(server, paths));
  } catch (thrown) {
    const advice = 'See what is said of "tmux server" above, and then run doctor again.';
    return { check: CHECK, verdict: "note", message: `not known: ${asError(thrown).message}`, advice };
  }
}

function lostRoles(paths: StatePaths): Finding | undefined {
  const lost = (["daemon", "watchdog"] as const).flatMap((role) => {
    const lock = role === "daemon" ? paths.daemonLock : paths.watchdogLock;
    return findByLockFile(role, lock, { deletedOnly: true }).map(({ pid }) => `${role} ${pid}`);
  });
  if (lost.length === 0) return undefined;
  const message = `its state folder was deleted under ${lost.join(", ")}`;
  return { check: CHECK, verdict: "warning", message, advice: "End it: claude-tmux daemon stop" };
}

async function leftBehind(server: TmuxServer, paths: StatePaths): Promise<Finding> {
  const items = await findLeftOver(server, paths, { timeoutMs: PATIENCE_MS });
  if (items.length === 0) return { check: CHECK, verdict: "ok", message: "nothing" };
  const names = items.slice(0, TOLD_MAX).map(({ what }) => what);
  if (items.length > TOLD_MAX) names.push("…");
  const message = `${countKinds(items)} that nobody needs: ${names.join(", ")}`;
  return { check: CHECK, verdict: "warning", message, advice: "Remove it: claude-tmux gc-run" };
}
