import { closeSync, constants, existsSync, linkSync, mkdirSync, openSync, readSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, errno } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { flockShared } from "../lib/libc.ts";
import { ensureDurableRoot, ensurePrivateDir } from "../lib/paths.ts";
import { remedyFor, whyUnwritten } from "../lib/refusals.ts";
import { manifestText, orderOf, type Snapshot } from "./manifest.ts";
import type { Part } from "./parts.ts";
import { fileOf, idFor, idsIn, isThere, partFile, snapshotsDir, stampOf } from "./places.ts";
import { readParts, readStored } from "./store.ts";
import { locked } from "./store-lock.ts";
import { syncFolders, writeSynced } from "./synced.ts";
import { removeBegun } from "./unneeded.ts";

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

/** A snapshot that was stored. */
export interface Placed {
  id: string;
  /** what was written; of what several needed that were stored at once, the first has all */
  bytes: number;
  /** ms since the epoch, and by what it is in order among those of its session (see orderOf()) */
  takenAt: number;
  order: number;
}

/**
 * Stores a snapshot with the parts that it needs. Where the clock was set back, it comes after the newest one of its
 * session all the same. What one that failed or was killed has left goes. Throws when it can't be stored.
 */
export async function storeSnapshot(snapshot: Snapshot, parts: readonly Part[]): Promise<Placed> {
  const [stored] = await storeSnapshots([{ snapshot, parts }]);
  return stored as Placed;
}

/** Stores snapshots, all of them or none. Otherwise as storeSnapshot(). */
export async function storeSnapshots(all: readonly NewSnapshot[]): Promise<Placed[]> {
  if (all.length === 0) return [];
  const dir = snapshotsDir();
  ensureDurableRoot();
  ensurePrivateDir(dir);
  try {
    // what collects parts that nobody needs is not to come between
    using _lock = await locked(dir, flockShared);
    return await storeIn(dir, all);
  } catch (thrown) {
    throw unwritten(dir, thrown);
  } finally {
    removeBegun(dir);
  }
}

async function storeIn(dir: string, all: readonly NewSnapshot[]): Promise<Placed[]> {
  const manifests = all.map(({ snapshot, parts }) => {
    const takenAt = snapshot.taken_at;
    const order = orderFor(dir, snapshot);
    const id = idFor(snapshot.session.name, takenAt);
    // at its beginning, where hasOrder() looks for it
    const content = manifestText({ ...(order !== takenAt && { order }), ...snapshot });
    return { id, parts, takenAt, order, path: `${dir}/${id}.${unique()}.part`, content };
  });
  // who fails or is killed before they are whole leaves this, which says that there may be parts that nobody needs
  const begun = `${dir}/${manifests[0]?.id}.${unique()}.part`;
  closeSync(openPrivate(begun, constants.O_WRONLY));
  const written = await storeParts(
    dir,
    all.flatMap(({ parts }) => parts),
  );
  const ids = await storeManifests(dir, manifests);
  rmSync(begun);
  return manifests.map(({ parts, takenAt, order, content }, i) => {
    let bytes = Buffer.byteLength(content);
    for (const { sum } of parts) {
      bytes += written.get(sum) ?? 0;
      written.delete(sum);
    }
    return { id: ids[i] as string, bytes, takenAt, order };
  });
}

/** When it was taken, or where the clock was set back, a moment after what the newest one of that session has. */
function orderFor(dir: string, { taken_at: at, socket, session: { name } }: Snapshot): number {
  const now = stampOf(idFor(name, at));
  const later = idsIn(dir, name).filter((id) => stampOf(id) >= now || hasOrder(fileOf(dir, id)));
  const orders = later.flatMap((id) => {
    const snapshot = readStored(dir, id)?.snapshot;
    return snapshot?.socket === socket && snapshot.session.name === name ? [orderOf(snapshot)] : [];
  });
  return Math.max(at, ...orders.map((order) => order + 1));
}

const HEAD_BYTES = 256;

/** Whether a manifest says itself by what it is in order, as far as its beginning tells: all are not read for each that is stored. */
function hasOrder(file: string): boolean {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return false; // removed meanwhile, or one that can't be read
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.toString("latin1", 0, readSync(fd, head, 0, HEAD_BYTES, 0)).includes('"order": ');
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}

/** Why nothing could be written, in words that are the same each time; a bug as it is. */
function unwritten(dir: string, cause: unknown): unknown {
  const why = whyUnwritten(cause);
  if (cause instanceof AppError || why === undefined) return cause;
  const remedy = remedyFor(cause)?.replace(/^Make room$/, "$& (session-snapshot-prune)");
  const first = remedy === undefined ? "Set" : `${remedy}, or set`;
  return new AppError("ERR_COMMAND_FAILED", `The snapshot can't be stored in ${dir}: ${why}`, {
    hint: `${first} XDG_STATE_HOME to another folder: the snapshots that are there are whole.`,
    cause,
  });
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

/** Writes the manifests that were begun, and gives them their names: all of them, or none. Returns their ids. */
async function storeManifests(
  dir: string,
  files: readonly { id: string; path: string; content: string }[],
): Promise<string[]> {
  await writeSynced(files);
  const ids: string[] = [];
  try {
    for (const { path, id } of files) ids.push(linkManifest(dir, path, id));
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
