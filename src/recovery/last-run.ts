import { rmSync } from "node:fs";
import * as v from "valibot";
import { exists, readText, writeAtomic } from "../lib/files.ts";
import type { StatePaths } from "../lib/paths.ts";
import { lastArgs, runningAs } from "../process/holder.ts";
import { type Affected, start } from "../watchdog/lifecycle.ts";

const LastRunSchema = v.strictObject({
  role: v.picklist(["daemon", "watchdog"]),
  args: v.nullable(v.array(v.string())),
});

/** How the daemon was run last: under a watchdog or not, and with what arguments, if that is known. */
export type LastRun = v.InferOutput<typeof LastRunSchema>;

/** Reads how the daemon is or was run, also when it is dead by now. */
export function lastRun(paths: StatePaths): LastRun {
  const noted = readNote(paths.recoveryNote);
  if (noted) return noted;
  // a watchdog that ended as it was told to leaves no status
  const isWatched = runningAs("watchdog", paths.watchdogLock) !== undefined || exists(paths.watchdogStatus);
  const lock = isWatched ? paths.watchdogLock : paths.daemonLock;
  return { role: isWatched ? "watchdog" : "daemon", args: lastArgs(lock) ?? null };
}

/** Keeps it for whoever goes on, should this process be killed between stopping the daemon and starting it again. */
export function noteLastRun(paths: StatePaths, run: LastRun): void {
  writeAtomic(paths.recoveryNote, `${JSON.stringify(run)}\n`);
}

/** Starts the daemon as it was run before. Returns what runs now. */
export async function startAs(paths: StatePaths, run: LastRun, defaultArgs: string[]): Promise<Affected[]> {
  const started = await start(paths, { role: run.role, args: run.args ?? defaultArgs });
  rmSync(paths.recoveryNote, { force: true });
  return started;
}

function readNote(path: string): LastRun | undefined {
  try {
    return v.parse(LastRunSchema, JSON.parse(readText(path) ?? ""));
  } catch {
    return undefined;
  }
}
