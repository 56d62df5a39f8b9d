import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError, errno } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { sleep } from "../lib/wait.ts";

// The files in the folder of snapshots: their names, and how they are written, locked and removed.

const LOCK_MS = 10_000;
const LOCK_EVERY_MS = 20;

/** The file of a snapshot's manifest, in the folder of snapshots. */
export function fileOf(dir: string, id: string): string {
  return `${dir}/${id}.json`;
}

/** The file of a part of a text. */
export function partFile(dir: string, sum: string): string {
  return `${dir}/parts/${sum.slice(0, 2)}/${sum}.zst`;
}

/** The end of an id: when it was taken, and a number where there was one already. */
export const STAMP = /(?<=.)-\d{8}T\d{6}Z(-\d+)?$/;

/** Whether a word can be an id: what idFor() makes. */
export function isId(id: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(id) && STAMP.test(id);
}

/** The id of a session's snapshot of that moment (ms since the epoch), such as `dev-20261129T184501Z`. */
export function idFor(name: string, at: number): string {
  return `${nameInId(name)}-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}`;
}

/** The ids of all manifests, or those that snapshots of that session may have, whose names may be one in a file's name. */
export function idsIn(dir: string, session?: string): string[] {
  const names = readdirSync(dir).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : []));
  return names.filter((id) => isId(id) && (session === undefined || id.replace(STAMP, "") === nameInId(session)));
}

/** The name of a session as it stands in ids. */
function nameInId(name: string): string {
  return name.replace(/^-|[^A-Za-z0-9_-]/g, "_").slice(0, 50) || "_";
}

/** The parts that are there, and those that are only begun; nothing that is not ours. */
export function partFiles(dir: string): { file: string; sum: string; isBegun: boolean }[] {
  const parts = `${dir}/parts`;
  if (!existsSync(parts)) return [];
  const folders = readdirSync(parts, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: folder }) =>
    readdirSync(`${parts}/${folder}`).flatMap((name) => {
      const [, sum, begun] = /^([0-9a-f]{64})\.zst(\.\d+\.part)?$/.exec(name) ?? [];
      return sum === undefined ? [] : [{ file: `${parts}/${folder}/${name}`, sum, isBegun: begun !== undefined }];
    }),
  );
}

/** The manifests that are only begun: by who writes one now, or was killed before it was whole. */
export function begunManifests(dir: string): string[] {
  const isBegun = (name: string) => /\.\d+\.part$/.test(name) && isId(name.replace(/\.\d+\.part$/, ""));
  return readdirSync(dir).flatMap((name) => (isBegun(name) ? [`${dir}/${name}`] : []));
}

/** Begins a manifest, before its parts are written; returns the file. */
export function beginManifest(dir: string, id: string): string {
  const begun = `${dir}/${id}.${process.pid}.part`;
  closeSync(openPrivate(begun, constants.O_WRONLY | constants.O_TRUNC));
  return begun;
}

/** Writes the manifest that was begun, and gives it its name: with a number behind it where there is one. Returns its id. */
export function writeManifest(begun: string, { id: base, text }: { id: string; text: string }): string {
  const dir = dirname(begun);
  writeSynced(begun, text);
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    try {
      // of two who come at once, one has the name (link(2))
      linkSync(begun, fileOf(dir, id));
      rmSync(begun);
      syncFolder(dir);
      return id;
    } catch (thrown) {
      if (errno(thrown) !== "EEXIST") throw thrown;
    }
  }
}

/** Writes a part; returns the bytes that it took. `folders` gets those that are to be synced. */
export function writePart(dir: string, { sum, text }: { sum: string; text: string }, folders: Set<string>): number {
  const file = partFile(dir, sum);
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const packed = Bun.zstdCompressSync(Buffer.from(text));
  const begun = `${file}.${process.pid}.part`;
  writeSynced(begun, packed);
  renameSync(begun, file);
  for (const one of [folder, dirname(folder)]) folders.add(one);
  return packed.length;
}

function writeSynced(file: string, data: string | Uint8Array): void {
  const fd = openPrivate(file, constants.O_WRONLY | constants.O_TRUNC);
  try {
    writeFileSync(fd, data); // all of it, or an error
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** What was renamed there stays there after a power cut. */
export function syncFolder(dir: string): void {
  const fd = openSync(dir, constants.O_RDONLY);
  try {
    if (fstatSync(fd).isDirectory()) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Removes a file, if it is there; returns how many bytes are free then. */
export function removeFile(file: string): number {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  rmSync(file, { force: true });
  return bytes;
}

/** Holds the lock of the folder, as flock(2) gives it. Throws ERR_TIMEOUT. */
export async function locked(dir: string, take: (fd: number) => boolean): Promise<Disposable> {
  for (const end = performance.now() + LOCK_MS; ; ) {
    const lock = lockedAtOnce(dir, take);
    if (lock) return lock;
    if (performance.now() > end) {
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
}

/** As locked(); undefined when others have it. */
export function lockedAtOnce(dir: string, take: (fd: number) => boolean): Disposable | undefined {
  const path = `${dir}/lock`;
  const fd = openPrivate(path, constants.O_RDWR);
  const [held, named] = take(fd) ? [fstatSync(fd), statSync(path, { throwIfNoEntry: false })] : [];
  // a lock that somebody has removed meanwhile is one that nobody else meets
  if (held !== undefined && held.ino === named?.ino) return { [Symbol.dispose]: () => closeSync(fd) };
  closeSync(fd);
  return undefined;
}
