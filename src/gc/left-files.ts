import { lstatSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { DAY_MS } from "../lib/clock.ts";
import { errno } from "../lib/errors.ts";
import { baseName } from "../lib/names.ts";
import { checkStateDir, type StatePaths } from "../lib/paths.ts";
import { isTableQuick, orphanedClients, processStat } from "../process/identity.ts";
import { signal } from "../process/terminate.ts";
import { livingProcesses } from "../process/tree.ts";
import { removeFolder, unfinishedFolders } from "../snapshots/unfinished.ts";
import { namedFolder } from "../tmux/integration-folder.ts";
import { shellFolder } from "../tmux/shell-integration.ts";
import type { LeftOver } from "./kinds.ts";

const BY_DEAD = "its process is no more";

/** What is left over, whatever tmux tells. Throws ERR_UNSAFE_STATE_DIR. */
export function leftInFiles(paths: StatePaths): LeftOver[] {
  if (!checkStateDir(paths.dir)) return [];
  const clients = orphanedClients(paths.dir).map((client): LeftOver => {
    const undo = () => void signal(client, "SIGKILL");
    return { kind: "client", what: `tmux client ${client.pid}`, why: "its daemon is no more", undo };
  });
  const restores = unfinishedFolders(paths).map(
    (path): LeftOver => ({ kind: "restore", what: baseName(path), why: BY_DEAD, undo: () => removeFolder(path) }),
  );
  return [...clients, ...restores, ...files(paths.dir)];
}

/** Files that somebody was writing, or left for a shell, and folders of shells of earlier versions. */
function files(stateDir: string): LeftOver[] {
  const folders = entriesOf(stateDir)
    .map((name) => `${stateDir}/${name}`)
    .filter(isShellFolder);
  const found = [...partsIn(stateDir), ...folders.flatMap(leftForShells)];
  const items = found.map(
    ([path, why]): LeftOver => ({ kind: "file", what: baseName(path), why, undo: () => rmSync(path, { force: true }) }),
  );
  const old = folders.filter((folder) => folder !== shellFolder(stateDir) && isOld(folder));
  const used = old.length > 0 ? foldersInUse() : undefined;
  // where nobody can know, nothing is removed under a shell
  const unused = used === undefined ? [] : old.filter((folder) => !used.has(folder));
  const oldItems = unused.map((folder): LeftOver => {
    const undo = () => removeShellFolder(folder);
    return { kind: "file", what: baseName(folder), why: "it is of another version, and no shell uses it", undo };
  });
  return [...items, ...oldItems];
}

/** What is in a folder; nothing if it has gone meanwhile. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (errno(cause) === "ENOENT") return [];
    throw cause;
  }
}

/** Whether nobody has written a file for a day, or left anything in a folder: no shell is about to be started with that. */
function isOld(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > DAY_MS;
}

/** The files that are written as a whole, by another name first (see writeAtomic). */
const WRITTEN =
  /^(.+\.state|(daemon|watchdog)\.pid|watchdog\.status|heartbeat|recovery\.note|gc\.(last|ended)|legacy\.imported|owner\.json|made|typed|start\.sh|bash\.sh|\.zshenv|fish\.fish|draft\.sh)\.(\d+)\.part$/;

/** Whether a file is one of ours that is being written, or was. */
export function isPart(name: string): boolean {
  return WRITTEN.test(name);
}

function partsIn(folder: string): [path: string, why: string][] {
  return entriesOf(folder).flatMap((name) => {
    const pid = WRITTEN.exec(name)?.at(-1);
    // who lives may be writing it
    return pid !== undefined && processStat(Number(pid)) === undefined ? [[`${folder}/${name}`, BY_DEAD]] : [];
  });
}

const SHELL_FILES = /^(start\.sh|bash\.sh|\.zshenv|fish\.fish|draft\.sh|(take|key|env|names)-\d+|.*\.\d+\.part)$/;

/** Whether a folder is one of the shell integration, of whatever version; also one that was about to be removed by who was killed. */
export function isShellFolder(path: string): boolean {
  if (!/\/shell-[0-9a-z]{8,}$/.test(path) || !lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  const names = entriesOf(path);
  if (names.length === 0) return false; // anybody's
  return ["start.sh", ".zshenv"].every((name) => names.includes(name)) || names.every((name) => SHELL_FILES.test(name));
}

/** Removes a folder of the shell integration, with what we have written there. Throws when there is something else in it. */
export function removeShellFolder(path: string): void {
  for (const name of entriesOf(path)) if (SHELL_FILES.test(name)) rmSync(`${path}/${name}`, { force: true });
  rmdirSync(path);
}

/**
 * What was left for shells that have ended, and what these told of their variables: every shell leaves that, and the next one that
 * starts takes it away (see start.sh), so it is left over only where none has for a day.
 */
function leftForShells(folder: string): [path: string, why: string][] {
  const left = entriesOf(folder).flatMap((name): [string, string][] => {
    const [, kind = "", pid] = /^(take|key|env|names)-(\d+)$/.exec(name) ?? [];
    const isGone = pid !== undefined && processStat(Number(pid)) === undefined;
    const isDue = ["take", "key"].includes(kind) || isOld(`${folder}/${name}`);
    return isGone && isDue ? [[`${folder}/${name}`, "its shell is no more"]] : [];
  });
  return [...partsIn(folder), ...left];
}

/** The folders of the integrations with which living shells were started; undefined where that can't be known of all. */
function foldersInUse(): Set<string> | undefined {
  if (!isTableQuick()) return undefined;
  return new Set(livingProcesses().flatMap(({ pid }) => namedFolder(pid) ?? []));
}
