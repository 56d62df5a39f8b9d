import * as v from "valibot";
import { AppError } from "../lib/errors.ts";
import { exists, readText, writeAtomic } from "../lib/files.ts";
import type { StatePaths } from "../lib/paths.ts";
import { type Affected, adopt, start } from "../lifecycle/roles.ts";
import { lastHolder, runningAs } from "../process/holder.ts";
import { listPanes } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";

// who wrote it may be of another version: what is not known is ignored
const LastRunSchema = v.object({
  role: v.fallback(v.picklist(["daemon", "watchdog"]), "watchdog"),
  args: v.nullable(v.array(v.string())),
});

/** How the daemon was run last: under a watchdog or not, and with what arguments, if that is known. */
export type LastRun = v.InferOutput<typeof LastRunSchema>;

/** Reads how the daemon is or was run, also when it is dead by now. */
export function lastRun(paths: StatePaths, server: TmuxServer): LastRun {
  const isRunning =
    runningAs("watchdog", paths.watchdogLock) !== undefined || runningAs("daemon", paths.daemonLock) !== undefined;
  const noted = isRunning ? undefined : readNote(paths.recoveryNote);
  if (noted) return noted;
  // a watchdog that ended as it was told to leaves no status, nor does one over which a daemon was started alone
  const isWatched = exists(paths.watchdogStatus) || runningAs("watchdog", paths.watchdogLock) !== undefined;
  const args = lastHolder(isWatched ? paths.watchdogLock : paths.daemonLock)?.args;
  return { role: isWatched ? "watchdog" : "daemon", args: args ? withoutGoneSession(args, server) : null };
}

/** The arguments of a daemon without the session it was limited to, if it has ended with it: the next one is for all. */
function withoutGoneSession(args: string[], server: TmuxServer): string[] {
  const at = server.flags.length;
  const session = args[at];
  if (session === undefined || session.startsWith("-")) return args;
  try {
    listPanes(server, session);
    return args;
  } catch (thrown) {
    const code = thrown instanceof AppError ? thrown.code : undefined;
    if (code === "ERR_SESSION_NOT_FOUND" || code === "ERR_TMUX_NOT_RUNNING") return args.toSpliced(at, 1);
    return args; // tmux does not say: the daemon will find out
  }
}

/** Keeps it for whoever goes on, should this process be killed between stopping the daemon and starting it again. */
export function noteLastRun(paths: StatePaths, run: LastRun): void {
  try {
    writeAtomic(paths.recoveryNote, `${JSON.stringify(run)}\n`);
  } catch {
    // a full disk: better to recover without the note than not at all
  }
}

/** Starts the daemon as it was run before. Returns what runs now, be it that somebody else has started it meanwhile. */
export async function startAs(paths: StatePaths, run: LastRun, defaultArgs: string[]): Promise<Affected[]> {
  const args = run.args ?? defaultArgs;
  try {
    return await start(paths, { role: run.role, args });
  } catch (thrown) {
    if (!isRunning(thrown)) throw thrown;
  }
  const found = runningRoles(paths);
  if (run.role !== "watchdog" || found.some(({ role }) => role === "watchdog")) return found;
  // somebody has started a daemon alone in the same moment
  try {
    return [...found, await adopt(paths, args)];
  } catch (thrown) {
    if (!isRunning(thrown)) throw thrown;
    return runningRoles(paths);
  }
}

function isRunning(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === "ERR_DAEMON_RUNNING";
}

function runningRoles(paths: StatePaths): Affected[] {
  return (["watchdog", "daemon"] as const).flatMap((role) => {
    const found = runningAs(role, role === "daemon" ? paths.daemonLock : paths.watchdogLock);
    return found ? [{ role, pid: found.pid }] : [];
  });
}

function readNote(path: string): LastRun | undefined {
  try {
    return v.parse(LastRunSchema, JSON.parse(readText(path) ?? ""));
  } catch {
    return undefined;
  }
}
