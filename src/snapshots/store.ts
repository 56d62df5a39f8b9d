import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { AppError, errno } from "../lib/errors.ts";
import { flockExclusive, flockShared } from "../lib/libc.ts";
import { checkStateDir, durableRoot, ensurePrivateDir } from "../lib/paths.ts";
import { manifestText, parseManifest, partsIn, type Snapshot } from "./manifest.ts";
import { type Part, sumOf } from "./parts.ts";
import {
  beginManifest,
  begunManifests,
  fileOf,
  idFor,
  idsIn,
  isId,
  locked,
  lockedAtOnce,
  partFile,
  partFiles,
  removeFile,
  STAMP,
  syncFolder,
  writeManifest,
  writePart,
} from "./store-files.ts";

// Snapshots are kept where what is to last is kept: `NAME.json` for each, and `parts/` with the texts of panes, compressed, each
// once however many snapshots hold it. A manifest is written when all its parts are there, so one that is there is whole.

/** A snapshot that is stored, and what it holds; or why it can't be read. */
export interface Stored {
  /** by which people name it */
  id: string;
  file: string;
  /** bytes of its manifest */
  bytes: number;
  snapshot: Snapshot | undefined;
  problem: AppError | undefined;
}

/** The folder of all snapshots. Throws ERR_INVALID_ARGUMENT when it is not known where that is. */
export function snapshotsDir(): string {
  return `${durableRoot()}/snapshots`;
}

/** A snapshot that was stored. */
export interface Placed {
  id: string;
  /** what was written */
  bytes: number;
  /** ms since the epoch */
  takenAt: number;
}

/**
 * Stores a snapshot with the parts that it needs. Where the clock was set back, it is taken a moment after the newest one of its
 * session. What one that failed or was killed has left goes. Throws when it can't be stored.
 */
export async function storeSnapshot(snapshot: Snapshot, parts: readonly Part[]): Promise<Placed> {
  const dir = snapshotsDir();
  ensurePrivateDir(durableRoot());
  ensurePrivateDir(dir);
  try {
    // what collects parts that nobody needs is not to come between
    using _lock = await locked(dir, flockShared);
    return store(dir, snapshot, parts);
  } catch (thrown) {
    throw notStored(thrown, dir);
  } finally {
    collectBegun(dir);
  }
}

function store(dir: string, snapshot: Snapshot, parts: readonly Part[]): Placed {
  const takenAt = momentFor(dir, snapshot);
  const id = idFor(snapshot.session.name, takenAt);
  // who is killed before it is whole leaves it, which says that there may be parts that nobody needs
  const begun = beginManifest(dir, id);
  let bytes = 0;
  const folders = new Set<string>();
  for (const part of parts) if (!isPartWhole(dir, part.sum)) bytes += writePart(dir, part, folders);
  for (const folder of folders) syncFolder(folder);
  const text = manifestText({ ...snapshot, taken_at: takenAt });
  return { id: writeManifest(begun, { id, text }), bytes: bytes + Buffer.byteLength(text), takenAt };
}

/** When it was taken, but not before the newest one of that session: of a clock that was set back, the order is kept. */
function momentFor(dir: string, { taken_at: at, socket, session: { name } }: Snapshot): number {
  const stamp = (id: string) => STAMP.exec(id)?.[0] ?? "";
  const now = stamp(idFor(name, at));
  const later = idsIn(dir, name).filter((id) => stamp(id) >= now);
  const moments = later.flatMap((id) => {
    const snapshot = readStored(dir, id)?.snapshot;
    return snapshot?.socket === socket && snapshot.session.name === name ? [snapshot.taken_at] : [];
  });
  return Math.max(at, ...moments.map((moment) => moment + 1));
}

/** Collects what was left of those that were never whole, if there is any, and nobody writes now. Never throws. */
function collectBegun(dir: string): void {
  try {
    if (begunManifests(dir).length === 0) return;
    using lock = lockedAtOnce(dir, flockExclusive);
    if (lock) collect(dir);
  } catch {
    // a folder that can only be read: the next one does
  }
}

const WHY: Record<string, string> = {
  ENOSPC: "there is no space left",
  EDQUOT: "your share of the space is used up",
  EFBIG: "it is larger than files may be here (ulimit -f)",
  EROFS: "its folder can only be read",
  EACCES: "its folder may not be written",
  EPERM: "its folder may not be written",
};

function notStored(thrown: unknown, dir: string): unknown {
  const code = errno(thrown);
  if (thrown instanceof AppError || code === undefined) return thrown;
  return new AppError("ERR_COMMAND_FAILED", `The snapshot can't be stored in ${dir}: ${WHY[code] ?? code}`, {
    hint: "Make room (session-snapshot-prune), or set XDG_STATE_HOME: the snapshots that are there are whole.",
    cause: thrown,
  });
}

/** All snapshots, or those of a session alone, the newest first, those that can't be read among them. */
export function listSnapshots(session?: string): Stored[] {
  const dir = snapshotsDir();
  if (!isThere(dir)) return [];
  const read = idsIn(dir, session).flatMap((id) => readStored(dir, id) ?? []);
  const found = read.filter(({ snapshot }) => session === undefined || !snapshot || snapshot.session.name === session);
  return found.toSorted((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : -1));
}

/** The snapshot of that id; undefined where there is none. */
export function findSnapshot(id: string): Stored | undefined {
  const dir = snapshotsDir();
  return isId(id) && isThere(dir) ? readStored(dir, id) : undefined;
}

/** The text of parts. Throws ERR_SNAPSHOT_DAMAGED when one is missing, or is not what it was. */
export function readParts(sums: readonly string[], dir = snapshotsDir()): string {
  return sums.map((sum) => readPart(dir, sum)).join("");
}

/** Whether all of a snapshot is there, without a look into its parts. */
export function isWhole({ snapshot }: Stored): boolean {
  const dir = snapshotsDir();
  return (
    snapshot !== undefined &&
    [...new Set(partsIn(snapshot))].every(
      (sum) => (statSync(partFile(dir, sum), { throwIfNoEntry: false })?.size ?? 0) > 0,
    )
  );
}

/** What of a snapshot is missing or damaged, in words. */
export function problemsOf({ snapshot, problem }: Stored): string[] {
  if (problem) return [problem.message];
  const dir = snapshotsDir();
  return [...new Set(snapshot ? partsIn(snapshot) : [])].flatMap((sum) => {
    try {
      readPart(dir, sum);
      return [];
    } catch (thrown) {
      return [thrown instanceof Error ? thrown.message : String(thrown)];
    }
  });
}

/**
 * Removes snapshots, and all parts that no other one needs.
 * @returns the ids of those that were there, and the bytes that are free now
 */
export async function removeSnapshots(ids: readonly string[]): Promise<{ removed: string[]; bytes: number }> {
  const dir = snapshotsDir();
  if (!isThere(dir)) return { removed: [], bytes: 0 };
  // nobody stores one meanwhile, whose parts are there already
  using _lock = await locked(dir, flockExclusive);
  const removed = [...new Set(ids)].filter((id) => isId(id) && existsSync(fileOf(dir, id)));
  let bytes = 0;
  for (const id of removed) bytes += removeFile(fileOf(dir, id));
  return { removed, bytes: bytes + collect(dir) };
}

/** Removes what no snapshot needs, which is all that was only begun: nobody writes, for the lock is held. Returns the bytes. */
function collect(dir: string): number {
  const parts = partFiles(dir);
  const needed = parts.length > 0 ? sumsIn(dir) : new Set();
  const unneeded = parts.filter(({ sum, isBegun }) => isBegun || !needed.has(sum)).map(({ file }) => file);
  // what says that there may be such parts goes last
  return [...unneeded, ...begunManifests(dir)].reduce((bytes, file) => bytes + removeFile(file), 0);
}

/** Everything in manifests that looks like the sum of a part, also in those that can't be read, or a newer version wrote. */
function sumsIn(dir: string): Set<string> {
  const texts = readdirSync(dir)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(`${dir}/${name}`, "latin1"));
  return new Set(texts.flatMap((text) => text.match(/\b[0-9a-f]{64}\b/g) ?? []));
}

/** Removes all that is ours in the folder of snapshots, and the folder if nothing else is there. Throws as removeSnapshots(). */
export async function removeAllSnapshots(): Promise<void> {
  const dir = snapshotsDir();
  if (!isThere(dir)) return;
  {
    using _lock = await locked(dir, flockExclusive);
    const manifests = [...idsIn(dir).map((id) => fileOf(dir, id)), ...begunManifests(dir)];
    for (const file of [...manifests, ...partFiles(dir).map((part) => part.file)]) rmSync(file, { force: true });
    rmSync(`${dir}/lock`, { force: true });
  }
  const parts = `${dir}/parts`;
  const folders = existsSync(parts) ? readdirSync(parts).map((name) => `${parts}/${name}`) : [];
  for (const folder of [...folders, parts, dir]) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() && readdirSync(folder).length === 0)
      rmdirSync(folder);
  }
}

function readStored(dir: string, id: string): Stored | undefined {
  const file = fileOf(dir, id);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    if (errno(thrown) === "ENOENT") return undefined; // removed meanwhile
    const problem = new AppError("ERR_SNAPSHOT_DAMAGED", `The snapshot can't be read (${errno(thrown) ?? thrown})`);
    return { id, file, bytes: 0, snapshot: undefined, problem };
  }
  const stored = { id, file, bytes: Buffer.byteLength(text) };
  try {
    return { ...stored, snapshot: parseManifest(text), problem: undefined };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { ...stored, snapshot: undefined, problem: thrown };
  }
}

function isPartWhole(dir: string, sum: string): boolean {
  try {
    readPart(dir, sum);
    return true;
  } catch {
    return false;
  }
}

function readPart(dir: string, sum: string): string {
  let text: string;
  try {
    text = Buffer.from(Bun.zstdDecompressSync(readFileSync(partFile(dir, sum)))).toString();
  } catch (thrown) {
    const why = errno(thrown) === "ENOENT" ? "is missing" : "can't be read";
    throw new AppError("ERR_SNAPSHOT_DAMAGED", `A part of the snapshot ${why}: ${sum}`);
  }
  if (sumOf(text) === sum) return text;
  throw new AppError("ERR_SNAPSHOT_DAMAGED", `A part of the snapshot is not what it was: ${sum}`);
}

function isThere(dir: string): boolean {
  return checkStateDir(durableRoot()) && checkStateDir(dir);
}

function timeOf({ snapshot, file }: Stored): number {
  return snapshot?.taken_at ?? statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
