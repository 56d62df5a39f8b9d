import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { DAY_MS } from "../lib/clock.ts";
import { config } from "../lib/config.ts";
import { checkStateDir, type StatePaths, statePaths, stateRoot } from "../lib/paths.ts";
import { runningAs } from "../process/holder.ts";
import { startEnvironment } from "../process/identity.ts";
import { livingProcesses } from "../process/tree.ts";
import { believedTime } from "../store/believed-time.ts";
import { openStore, type Store } from "../store/database.ts";
import { newestEvent } from "../store/events.ts";
import { prunable, prune } from "../store/prune.ts";
import { resolveServer } from "../tmux/server.ts";
import type { LeftOver } from "./left-over.ts";

// What is over, and has been kept for as long as it is to be.

/** A server may be about to be started whose folder was touched so short a time ago. */
const STARTING_MS = 60_000;

/** Events, logs and folders of servers that have gone, beyond what is to be kept. Throws what a damaged database fails with. */
export function findOldState(paths: StatePaths): LeftOver[] {
  if (!checkStateDir(paths.dir)) return [];
  return [...oldEvents(paths), ...oldLogs(paths), ...goneServers(paths.dir)];
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
  return [{ kind: "events", what, why: `kept for ${config.eventsDays} days, and at most ${config.eventsMax}`, undo }];
}

function oldLogs(paths: StatePaths): LeftOver[] {
  const rotated = [paths.daemonLog, paths.watchdogLog].map((log) => `${log}.1`);
  return rotated.filter(isExpired).map((path): LeftOver => {
    const why = `nothing was written there for ${config.eventsDays} days`;
    return { kind: "log", what: baseOf(path), why, undo: () => rmSync(path, { force: true }) };
  });
}

function isExpired(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > config.eventsDays * DAY_MS;
}

/** The folders of servers that are no more, of which no event is to be kept any longer. */
function goneServers(own: string): LeftOver[] {
  const root = stateRoot();
  const folders = readdirSync(root)
    .filter((name) => name.startsWith("server-") && `${root}/${name}` !== own)
    .toSorted();
  if (folders.length === 0) return [];
  const living = livingServers();
  return folders
    .filter((name) => !living.has(name) && isGone(name))
    .map((name): LeftOver => {
      const undo = () => {
        // looked at once more: it may have been started anew
        if (!livingServers().has(name) && isGone(name)) removeStateDir(`${root}/${name}`);
      };
      return { kind: "state", what: name, why: "its tmux server is no more, and has no events to be kept", undo };
    });
}

/** The state folders of the servers in which anything runs. */
function livingServers(): Set<string | undefined> {
  const sockets = livingProcesses().flatMap(({ pid }) =>
    startEnvironment(pid).flatMap((pair) => (pair.startsWith("TMUX=") ? [pair.slice(5).split(",")[0] ?? ""] : [])),
  );
  const absolute = [...new Set(sockets)].filter((socket) => socket.startsWith("/"));
  return new Set(absolute.map((path) => resolveServer({ path }).stateFolder));
}

function isGone(name: string): boolean {
  const paths = statePaths(name);
  try {
    if (!checkStateDir(paths.dir)) return false;
  } catch {
    return false; // not ours to judge
  }
  if (runningAs("daemon", paths.daemonLock) || runningAs("watchdog", paths.watchdogLock)) return false;
  const names = readdirSync(paths.dir);
  // what else is in it is not ours to remove
  if (names.length > 0 && !names.some((file) => OURS.test(file))) return false;
  const files = names.map((file) => lstatSync(`${paths.dir}/${file}`, { throwIfNoEntry: false }));
  const touched = [...files, statSync(paths.dir)].map((stat) => stat?.mtimeMs ?? 0);
  return Date.now() - Math.max(...touched) > STARTING_MS && !hasEvents(paths.database);
}

function hasEvents(database: string): boolean {
  if (!existsSync(database)) return false;
  try {
    using store: Store = openStore(database);
    const newest = newestEvent(store);
    return newest !== undefined && newest > believedTime(store) - config.eventsDays * DAY_MS;
  } catch {
    return true; // damaged, or of a newer version: somebody may want to look at it
  }
}

const OURS =
  /^((daemon|watchdog)\.(pid|lock|log|log\.1|sock|status)|heartbeat|recovery\.(lock|note)|(views|attach|gc)\.lock|gc\.last|legacy\.imported|typed|state\.db(-wal|-shm)?|.*\.state|.*\.\d+\.part|pipe-\d+-\d+-\d+|shell-[0-9a-z]+)$/;

const DAMAGED = /^state\.db\.damaged-/;

/**
 * Removes a state folder and what we have written there. What else is in it stays, and the folder with it.
 * @param options.isAll also databases that were damaged, at which somebody may want to look
 */
export function removeStateDir(dir: string, { isAll }: { isAll: boolean } = { isAll: false }): void {
  for (const name of readdirSync(dir)) {
    const path = `${dir}/${name}`;
    if (OURS.test(name) || (isAll && DAMAGED.test(name)))
      rmSync(path, { recursive: name.startsWith("shell-"), force: true });
  }
  if (readdirSync(dir).length === 0) rmdirSync(dir);
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
