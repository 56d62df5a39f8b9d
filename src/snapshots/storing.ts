import { existsSync, linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, errno } from "../lib/errors.ts";
import { flockShared } from "../lib/libc.ts";
import { durableRoot, ensurePrivateDir } from "../lib/paths.ts";
import { manifestText, type Snapshot } from "./manifest.ts";
import type { Part } from "./parts.ts";
import { fileOf, isThere, locked, nameInId, partFile, snapshotsDir } from "./places.ts";
import { readParts } from "./store.ts";
import { syncFolders, writeSynced } from "./synced.ts";

// A manifest is written when all its parts are there, so one that is there is whole.

/** A snapshot that is not stored yet, with the parts that it needs. */
export interface NewSnapshot {
  snapshot: Snapshot;
  parts: readonly Part[];
}

/** Throws what would keep snapshots from being stored, as far as that can be told while nothing is written. */
export function checkStore(): void {
  isThere(snapshotsDir());
}

/** Stores a snapshot with the parts that it needs. Returns its id, and how many bytes were written. Throws when it can't be. */
export async function storeSnapshot(
  snapshot: Snapshot,
  parts: readonly Part[],
): Promise<{ id: string; bytes: number }> {
  const [stored] = await storeSnapshots([{ snapshot, parts }]);
  return stored as { id: string; bytes: number };
}

/** Stores snapshots, all of them or none. Returns as storeSnapshot() of each; what several need counts for the first. */
export async function storeSnapshots(all: readonly NewSnapshot[]): Promise<{ id: string; bytes: number }[]> {
  if (all.length === 0) return [];
  const dir = snapshotsDir();
  ensurePrivateDir(durableRoot());
  ensurePrivateDir(dir);
  try {
    // what collects parts that nobody needs is not to come between
    using _lock = await locked(dir, flockShared);
    return await storeIn(dir, all);
  } catch (thrown) {
    throw unwritten(dir, thrown);
  }
}

async function storeIn(dir: string, all: readonly NewSnapshot[]): Promise<{ id: string; bytes: number }[]> {
  const written = await storeParts(
    dir,
    all.flatMap(({ parts }) => parts),
  );
  const manifests = all.map(({ snapshot }) => ({ snapshot, text: manifestText(snapshot) }));
  const ids = await storeManifests(dir, manifests);
  return all.map(({ parts }, i) => {
    let bytes = Buffer.byteLength(manifests[i]?.text ?? "");
    for (const { sum } of parts) {
      bytes += written.get(sum) ?? 0;
      written.delete(sum);
    }
    return { id: ids[i] as string, bytes };
  });
}

/** Why nothing could be written, in words that are the same each time; a bug as it is. */
function unwritten(dir: string, cause: unknown): unknown {
  const why = errno(cause);
  if (cause instanceof AppError || why === undefined) return cause;
  const isFull = why === "ENOSPC" || why === "EDQUOT";
  const message = isFull ? `There is no space left in ${dir}` : `Nothing can be written to ${dir} (${why})`;
  const hint = isFull
    ? "Make room, or remove snapshots with session-snapshot-prune: those that are there are whole."
    : "See whether that folder, and all in it, are yours, and whether its disk is well.";
  return new AppError("ERR_COMMAND_FAILED", message, { hint, cause });
}

/** Writes those parts that are not there, whole; returns the bytes that each took. */
async function storeParts(dir: string, parts: readonly Part[]): Promise<Map<string, number>> {
  const missing = new Map(parts.filter(({ sum }) => !isPartWhole(dir, sum)).map(({ sum, text }) => [sum, text]));
  const files = [...missing].map(([sum, text]) => {
    const file = partFile(dir, sum);
    return { sum, file, path: `${file}.${unique()}.part`, content: Bun.zstdCompressSync(Buffer.from(text)) };
  });
  const folders = [...new Set(files.map(({ file }) => dirname(file)))];
  for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
  await writeSynced(files);
  try {
    for (const { path, file } of files) renameSync(path, file);
  } finally {
    for (const { path } of files) rmSync(path, { force: true });
  }
  await syncFolders(folders.length > 0 ? [...folders, `${dir}/parts`] : []);
  return new Map(files.map(({ sum, content }) => [sum, content.length]));
}

function isPartWhole(dir: string, sum: string): boolean {
  if (!existsSync(partFile(dir, sum))) return false;
  try {
    readParts([sum], dir);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes manifests as `dev-20261129T184501Z.json`, with a number behind that where there is one already: all of them, or none. Returns
 * their ids.
 */
async function storeManifests(
  dir: string,
  manifests: readonly { snapshot: Snapshot; text: string }[],
): Promise<string[]> {
  const files = manifests.map(({ snapshot: { taken_at: at, session }, text }) => {
    const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
    const base = `${nameInId(session.name)}-${stamp}`;
    return { base, path: `${dir}/${base}.${unique()}.part`, content: text };
  });
  await writeSynced(files);
  const ids: string[] = [];
  try {
    for (const { path, base } of files) ids.push(linkManifest(dir, path, base));
    await syncFolders([dir]);
    return ids;
  } catch (thrown) {
    for (const id of ids) rmSync(fileOf(dir, id), { force: true });
    throw thrown;
  } finally {
    for (const { path } of files) rmSync(path, { force: true });
  }
}

/** Gives a manifest the name that it keeps: of two who come at once, one has it (link(2)). */
function linkManifest(dir: string, path: string, base: string): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    try {
      linkSync(path, fileOf(dir, id));
      return id;
    } catch (thrown) {
      if (errno(thrown) !== "EEXIST") throw thrown;
    }
  }
}

let written = 0;

/** What no other file is called that is just being written. */
function unique(): string {
  return `${process.pid}.${++written}`;
}
