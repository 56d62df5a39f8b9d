import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { AppError, asError, errno } from "../lib/errors.ts";
import { readPlain } from "../lib/files.ts";
import { flockExclusive } from "../lib/libc.ts";
import { whyUnread } from "../lib/refusals.ts";
import { sumOf } from "../lib/sum.ts";
import { orderOf, parseManifest, partsIn, type Snapshot } from "./manifest.ts";
import {
  begunManifests,
  fileOf,
  idsIn,
  isId,
  isThere,
  partFile,
  partFiles,
  STORED_MAX,
  sessionInId,
  snapshotsDir,
} from "./places.ts";
import { locked } from "./store-lock.ts";
import { removeFile, removeUnneeded } from "./unneeded.ts";

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

/** All snapshots, or those of a session alone, the newest first, those that can't be read among them. */
export function listSnapshots(session?: string): Stored[] {
  const dir = snapshotsDir();
  if (!isThere(dir)) return [];
  const read = idsIn(dir, session).flatMap((id) => readStored(dir, id) ?? []);
  const found = read.filter(({ snapshot }) => session === undefined || !snapshot || snapshot.session.name === session);
  return found.toSorted((a, b) => placeOf(b) - placeOf(a) || timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : -1));
}

/** How many snapshots there are by their ids alone, which say of which session they are, more or less. */
export function countSnapshots(): { all: number; most: number } {
  const dir = snapshotsDir();
  const names = isThere(dir) ? idsIn(dir).map(sessionInId) : [];
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
export function isWhole(stored: Stored): boolean {
  return problemSeen(stored) === undefined;
}

/** Whether somebody has removed it since it was read: then what is missing of it is no damage. */
export function isRemoved({ file }: Stored): boolean {
  return !existsSync(file);
}

/** What of a snapshot is missing or damaged as far as a look at its parts' sizes tells, in words; undefined for nothing. */
export function problemSeen({ snapshot, problem }: Stored): string | undefined {
  if (!snapshot) return problem?.message ?? "The snapshot can't be read";
  const dir = snapshotsDir();
  const sums = new Set(partsIn(snapshot));
  const lost = [...sums].filter((sum) => {
    const stat = statSync(partFile(dir, sum), { throwIfNoEntry: false });
    return !stat?.isFile() || stat.size === 0;
  });
  if (lost.length === 0) return undefined;
  return `${lost.length} of its ${sums.size} parts ${lost.length === 1 ? "is" : "are"} missing or empty: ${whoseText(snapshot, lost)}`;
}

/** All texts of a snapshot by their sums, and what is missing or damaged, in words. */
export function readTexts(snapshot: Snapshot): { texts: Map<string, string>; lost: Map<string, string> } {
  const dir = snapshotsDir();
  const [texts, lost] = [new Map<string, string>(), new Map<string, string>()];
  for (const sum of new Set(partsIn(snapshot))) {
    try {
      texts.set(sum, readPart(dir, sum));
    } catch (thrown) {
      lost.set(sum, asError(thrown).message);
    }
  }
  return { texts, lost };
}

/** What of a snapshot is missing or damaged, in words. */
export function problemsOf({ snapshot, problem }: Stored): string[] {
  if (problem) return [problem.message];
  return snapshot ? [...readTexts(snapshot).lost.values()] : [];
}

/** Which panes showed what is in these parts, in words. Pure. */
export function whoseText({ session }: Snapshot, sums: readonly string[]): string {
  const panes = session.windows.flatMap((window) =>
    window.panes.flatMap(({ index, text }) =>
      text?.parts.some((sum) => sums.includes(sum)) ? [`${window.index}.${index}`] : [],
    ),
  );
  return `what pane${panes.length === 1 ? "" : "s"} ${panes.join(", ")} showed`;
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
  return { removed, bytes: bytes + removeUnneeded(dir) };
}

/** All that is ours in the folder of snapshots: the files. Throws ERR_UNSAFE_STATE_DIR. */
export function snapshotFiles(): string[] {
  const dir = snapshotsDir();
  if (!isThere(dir)) return [];
  const manifests = [...idsIn(dir).map((id) => fileOf(dir, id)), ...begunManifests(dir)];
  const lock = `${dir}/lock`;
  return [...manifests, ...partFiles(dir).map(({ file }) => file), ...(existsSync(lock) ? [lock] : [])];
}

/** Removes all of that, and the folder if nothing else is there. Throws as removeSnapshots(). */
export async function removeAllSnapshots(): Promise<void> {
  const dir = snapshotsDir();
  if (!isThere(dir)) return;
  {
    using _lock = await locked(dir, flockExclusive);
    for (const file of [...snapshotFiles(), `${dir}/lock`]) rmSync(file, { force: true });
  }
  const parts = `${dir}/parts`;
  const folders = existsSync(parts) ? readdirSync(parts).map((name) => `${parts}/${name}`) : [];
  for (const folder of [...folders, parts, dir]) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() && readdirSync(folder).length === 0)
      rmdirSync(folder);
  }
}

/** A stored snapshot; undefined when it was removed meanwhile. */
export function readStored(dir: string, id: string): Stored | undefined {
  const file = fileOf(dir, id);
  let text: string;
  try {
    text = readPlain(file, STORED_MAX).toString();
  } catch (thrown) {
    if (errno(thrown) === "ENOENT") return undefined; // removed meanwhile
    const problem = new AppError(
      "ERR_SNAPSHOT_DAMAGED",
      `The snapshot ${id} can't be read: ${whyUnread(thrown) ?? thrown}`,
    );
    return { id, file, bytes: 0, snapshot: undefined, problem };
  }
  const stored = { id, file, bytes: Buffer.byteLength(text) };
  try {
    return { ...stored, snapshot: parseManifest(text, `The snapshot ${id}`), problem: undefined };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { ...stored, snapshot: undefined, problem: thrown };
  }
}

function readPart(dir: string, sum: string): string {
  let text: string;
  try {
    text = Buffer.from(Bun.zstdDecompressSync(readPlain(partFile(dir, sum), STORED_MAX))).toString();
  } catch (thrown) {
    const why = errno(thrown) === "ENOENT" ? "is missing" : "can't be read";
    throw new AppError("ERR_SNAPSHOT_DAMAGED", `A part of the snapshot ${why}: ${sum}`);
  }
  if (sumOf(text) === sum) return text;
  throw new AppError("ERR_SNAPSHOT_DAMAGED", `A part of the snapshot is not what it was: ${sum}`);
}

function placeOf(stored: Stored): number {
  return stored.snapshot ? orderOf(stored.snapshot) : timeOf(stored);
}

function timeOf({ snapshot, file }: Stored): number {
  return snapshot?.taken_at ?? statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
