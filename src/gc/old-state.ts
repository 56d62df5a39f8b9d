import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { DAY_MS } from "../lib/clock.ts";
import { config } from "../lib/config.ts";
import { FOLDER_NOTES, readOwner } from "../lib/folder-notes.ts";
import { baseName } from "../lib/names.ts";
import { checkStateDir, type StatePaths, statePaths, stateRoot } from "../lib/paths.ts";
import { isView } from "../panes/view.ts";
import { runningAs } from "../process/holder.ts";
import { startEnvironment } from "../process/identity.ts";
import { durableOf, isOwnDurable } from "../process/owner.ts";
import { listeningSockets } from "../process/sockets.ts";
import { livingProcesses } from "../process/tree.ts";
import { isRestoreFolder } from "../snapshots/unfinished.ts";
import { believedTime } from "../store/believed-time.ts";
import { openStore } from "../store/database.ts";
import { newestEventIn } from "../store/events.ts";
import { prunable, prune } from "../store/prune.ts";
import { stateFoldersOf } from "../tmux/server.ts";
import type { LeftOver } from "./kinds.ts";
import { isPart, isShellFolder, removeShellFolder } from "./left-files.ts";

// What is over, and has been kept for as long as it is to be.

/** A server may be about to be started whose folder was touched so short a time ago. */
const STARTING_MS = 60_000;

/** Events, logs and folders of servers that have gone, beyond what is to be kept. What can't be looked at stays. */
export function findOldState(paths: StatePaths): LeftOver[] {
  if (!checkStateDir(paths.dir)) return [];
  return [oldEvents, oldLogs, goneServers].flatMap((find) => {
    try {
      return find(paths);
    } catch {
      return []; // a damaged database, a full disk: health and doctor tell of them
    }
  });
}

/** A daemon does that by itself. */
function oldEvents(paths: StatePaths): LeftOver[] {
  if (!existsSync(paths.database) || runningAs("daemon", paths.daemonLock)) return [];
  const retention = { events: config.eventsMax, days: config.eventsDays };
  using store = openStore(paths.database);
  const now = believedTime(store);
  const count = prunable(store, retention, now);
  if (count === 0) return [];
  const undo = () => {
    using again = openStore(paths.database);
    prune(again, retention, now);
  };
  const what = `${count} event${count === 1 ? "" : "s"}`;
  return [{ kind: "event", what, why: `kept for ${config.eventsDays} days, and at most ${config.eventsMax}`, undo }];
}

function oldLogs(paths: StatePaths): LeftOver[] {
  const rotated = [paths.daemonLog, paths.watchdogLog].map((log) => `${log}.1`);
  return rotated.filter(isExpired).map((path): LeftOver => {
    const why = `nothing was written there for ${config.eventsDays} days`;
    return { kind: "log", what: baseName(path), why, undo: () => rmSync(path, { force: true }) };
  });
}

function isExpired(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > config.eventsDays * DAY_MS;
}

/** The folders of servers that are no more, of which no event is to be kept any longer: of those that are ours, as far as is noted. */
function goneServers({ dir: own }: StatePaths): LeftOver[] {
  const root = stateRoot();
  const folders = readdirSync(root).filter((name) => name.startsWith("server-") && `${root}/${name}` !== own);
  if (folders.length === 0) return [];
  const isLiving = livingServers();
  return folders
    .toSorted()
    .filter((name) => !isLiving(name) && !isTouched(name) && isGone(name))
    .map((name): LeftOver => {
      const undo = () => {
        // it may have been started anew
        if (livingServers()(name) || !isGone(name)) throw new Error(`${name} is used again`);
        removeStateDir(`${root}/${name}`);
      };
      return { kind: "state", what: name, why: "its tmux server is no more, and has no events to be kept", undo };
    });
}

/**
 * Whether the server of a state folder may live: something listens on a socket that may be its own, by the kernel's account, or
 * a process says that it was started there. Where the kernel does not tell, all may.
 */
function livingServers(): (folder: string) => boolean {
  const listening = listeningSockets();
  if (listening === undefined) return () => true;
  const told = livingProcesses().flatMap(({ pid }) =>
    startEnvironment(pid).flatMap((pair) => (pair.startsWith("TMUX=") ? [pair.slice(5).split(",")[0] ?? ""] : [])),
  );
  const folders = new Set([...listening, ...told].flatMap(stateFoldersOf));
  const sockets = new Set([...listening, ...told]);
  return (folder) => folders.has(folder) || sockets.has(readOwner(statePaths(folder).dir)?.socket ?? "");
}

/** Whether anything in a folder was written a moment ago: its server may be about to be started. */
function isTouched(name: string): boolean {
  const { dir } = statePaths(name);
  const files = readdirSync(dir).map((file) => lstatSync(`${dir}/${file}`, { throwIfNoEntry: false }));
  const times = [...files, statSync(dir)].map((stat) => stat?.mtimeMs ?? 0);
  return Date.now() - Math.max(...times) <= STARTING_MS;
}

function isGone(name: string): boolean {
  const paths = statePaths(name);
  try {
    if (!checkStateDir(paths.dir)) return false;
  } catch {
    return false; // not ours to judge
  }
  const names = readdirSync(paths.dir);
  // another HOME's daemon, with all that it keeps, may be the next there
  if (!isOwnDurable(durableOf(paths))) return false;
  // what else is in it is not ours to remove
  if (names.length > 0 && !names.some((file) => OURS.test(file) || isView(`${paths.dir}/${file}`))) return false;
  if (runningAs("daemon", paths.daemonLock) || runningAs("watchdog", paths.watchdogLock)) return false;
  return !hasEvents(paths.database);
}

function hasEvents(database: string): boolean {
  if (!existsSync(database)) return false;
  // what a process that was killed has not written back is not to be lost
  if ((statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return true;
  try {
    const newest = newestEventIn(database);
    return newest !== undefined && newest > Date.now() - config.eventsDays * DAY_MS;
  } catch {
    return true; // damaged, or of a newer version: somebody may want to look at it
  }
}

const OURS =
  /^((daemon|watchdog)\.(pid|lock|log|log\.1|sock|status)|heartbeat|recovery\.(lock|note)|(views|attach|gc|restoring|after-boot)\.lock|gc\.(last|ended)|legacy\.imported|owner\.json|made|typed|state\.db(-wal|-shm)?|pipe-\d+-\d+-\d+)$/;

const DAMAGED = /^state\.db\.damaged-/;

/** Whether something in a state folder is ours: a file, or a folder with all that is in it. */
export function isOurEntry(dir: string, name: string): boolean {
  const path = `${dir}/${name}`;
  return (
    OURS.test(name) ||
    DAMAGED.test(name) ||
    isShellFolder(path) ||
    isRestoreFolder(name) ||
    isView(path) ||
    isPart(name)
  );
}

/**
 * Removes a state folder and what we have written there. What else is in it stays, and the folder with it; so do databases that were
 * damaged, at which somebody may want to look.
 */
export function removeStateDir(dir: string): void {
  // whose it is is known to the last
  const names = readdirSync(dir).toSorted((a, b) => FOLDER_NOTES.indexOf(a) - FOLDER_NOTES.indexOf(b));
  for (const name of names) if (!DAMAGED.test(name)) removeEntry(dir, name);
  if (readdirSync(dir).length === 0) rmdirSync(dir);
}

/** Empties a state folder of all that is ours, but for the notes of the folder itself; returns what else is there. */
export function emptyStateDir(dir: string): string[] {
  if (!existsSync(dir)) return [];
  const isNote = (name: string) => FOLDER_NOTES.includes(name);
  for (const name of readdirSync(dir)) if (!isNote(name)) removeEntry(dir, name);
  return readdirSync(dir).filter((name) => !isNote(name));
}

function removeEntry(dir: string, name: string): void {
  const path = `${dir}/${name}`;
  if (!isOurEntry(dir, name)) return;
  if (isShellFolder(path)) removeShellFolder(path);
  else rmSync(path, { recursive: isRestoreFolder(name), force: true });
}
