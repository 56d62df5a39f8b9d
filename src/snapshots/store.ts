import {
  closeSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError, errno } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { flockExclusive, flockShared } from "../lib/libc.ts";
import { checkStateDir, durableRoot, ensurePrivateDir } from "../lib/paths.ts";
import { sleep } from "../lib/wait.ts";
import { manifestText, parseManifest, partsIn, type Snapshot } from "./manifest.ts";
import { type Part, sumOf } from "./parts.ts";
import { syncFolders, writeSynced } from "./synced.ts";

// Snapshots are kept where what is to last is kept: `NAME.json` for each, and `parts/` with the texts of panes, compressed, each
// once however many snapshots hold it. A manifest is written when all its parts are there, so one that is there is whole.

const LOCK_MS = 10_000;
const LOCK_EVERY_MS = 20;

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

/** Throws what would keep snapshots from being stored, as far as that can be told while nothing is written. */
export function checkStore(): void {
  isThere(snapshotsDir());
}

/** A snapshot that is not stored yet, with the parts that it needs. */
export interface NewSnapshot {
  snapshot: Snapshot;
  parts: readonly Part[];
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
  // what collects parts that nobody needs is not to come between
  try {
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

/** All snapshots, or those of a session alone, the newest first, those that can't be read among them. */
export function listSnapshots(session?: string): Stored[] {
  const dir = snapshotsDir();
  if (!isThere(dir)) return [];
  // of several names that are one in a file's name, each is looked at
  const ids = idsIn(dir).filter((id) => session === undefined || id.replace(STAMP, "") === nameInId(session));
  const read = ids.flatMap((id) => readStored(dir, id) ?? []);
  const found = read.filter(({ snapshot }) => session === undefined || !snapshot || snapshot.session.name === session);
  return found.toSorted((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : -1));
}

/** How many snapshots there are by their ids alone, which say of which session they are, more or less. */
export function countSnapshots(): { all: number; most: number } {
  const dir = snapshotsDir();
  const names = isThere(dir) ? idsIn(dir).map((id) => id.replace(STAMP, "")) : [];
  const sizes = [...Map.groupBy(names, (name) => name).values()].map(({ length }) => length);
  return { all: names.length, most: Math.max(0, ...sizes) };
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
  const parts = partFiles(dir);
  const needed = parts.length > 0 ? sumsIn(dir) : new Set();
  for (const { file, sum, isWhole: isPart } of parts) {
    if (isPart ? !needed.has(sum) : isOldPart(file)) bytes += removeFile(file);
  }
  for (const file of begunManifests(dir)) if (isOldPart(file)) bytes += removeFile(file);
  return { removed, bytes };
}

/** Everything in manifests that looks like the sum of a part, also in those that can't be read, or a newer version wrote. */
function sumsIn(dir: string): Set<string> {
  const texts = readdirSync(dir)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(`${dir}/${name}`, "latin1"));
  return new Set(texts.flatMap((text) => text.match(/\b[0-9a-f]{64}\b/g) ?? []));
}

/** The files of manifests that somebody is writing, or was. */
function begunManifests(dir: string): string[] {
  const begun = readdirSync(dir).filter((name) => /\.part$/.test(name) && isId(name.replace(/(\.\d+)+\.part$/, "")));
  return begun.map((name) => `${dir}/${name}`);
}

function idsIn(dir: string): string[] {
  const names = readdirSync(dir).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : []));
  return names.filter(isId);
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

function isThere(dir: string): boolean {
  return checkStateDir(durableRoot()) && checkStateDir(dir);
}

/** Whether a word can be an id: what writeManifest() makes. */
function isId(id: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(id) && STAMP.test(id);
}

/** The end of an id: when it was taken, and a number where there was one already. */
const STAMP = /(?<=.)-\d{8}T\d{6}Z(-\d+)?$/;

/** The name of a session as it stands in ids. */
function nameInId(name: string): string {
  return name.replace(/^-|[^A-Za-z0-9_-]/g, "_").slice(0, 50) || "_";
}

function fileOf(dir: string, id: string): string {
  return `${dir}/${id}.json`;
}

function partFile(dir: string, sum: string): string {
  return `${dir}/parts/${sum.slice(0, 2)}/${sum}.zst`;
}

/** The parts that are there, and what one who was killed had begun to write; nothing that is not ours. */
function partFiles(dir: string): { file: string; sum: string; isWhole: boolean }[] {
  const parts = `${dir}/parts`;
  if (!existsSync(parts)) return [];
  const folders = readdirSync(parts, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: folder }) =>
    readdirSync(`${parts}/${folder}`).flatMap((name) => {
      const [, sum, part] = /^([0-9a-f]{64})\.zst((?:\.\d+)+\.part)?$/.exec(name) ?? [];
      return sum === undefined ? [] : [{ file: `${parts}/${folder}/${name}`, sum, isWhole: part === undefined }];
    }),
  );
}

const OLD_MS = 3_600_000;

/** Whether it is what one who was killed had begun to write. */
function isOldPart(file: string): boolean {
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return at !== undefined && Math.abs(Date.now() - at) > OLD_MS;
}

function removeFile(file: string): number {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  rmSync(file, { force: true });
  return bytes;
}

function timeOf({ snapshot, file }: Stored): number {
  return snapshot?.taken_at ?? statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Holds the lock of the folder, as flock(2) gives it. Throws ERR_TIMEOUT. */
async function locked(dir: string, take: (fd: number) => boolean): Promise<Disposable> {
  const fd = openPrivate(`${dir}/lock`, constants.O_RDWR);
  const end = performance.now() + LOCK_MS;
  while (!take(fd)) {
    if (performance.now() > end) {
      closeSync(fd);
      throw new AppError(
        "ERR_TIMEOUT",
        `The snapshots are being written or collected by others for ${LOCK_MS / 1000} s`,
        {
          hint: `See who has ${dir}/lock open.`,
        },
      );
    }
    await sleep(LOCK_EVERY_MS);
  }
  return { [Symbol.dispose]: () => closeSync(fd) };
}
