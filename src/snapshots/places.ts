import { closeSync, constants } from "node:fs";
import { AppError } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { checkStateDir, durableRoot } from "../lib/paths.ts";
import { sleep } from "../lib/wait.ts";

// Snapshots are kept where what is to last is kept: `NAME.json` for each, and `parts/` with the texts of panes, compressed, each
// once however many snapshots hold it.

/** The folder of all snapshots. Throws ERR_INVALID_ARGUMENT when it is not known where that is. */
export function snapshotsDir(): string {
  return `${durableRoot()}/snapshots`;
}

/** Whether that folder is there. Throws ERR_UNSAFE_STATE_DIR. */
export function isThere(dir: string): boolean {
  return checkStateDir(durableRoot()) && checkStateDir(dir);
}

/** Whether a word can be an id: what storeSnapshots() makes. */
export function isId(id: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(id) && STAMP.test(id);
}

/** The end of an id: when it was taken, and a number where there was one already. */
const STAMP = /(?<=.)-\d{8}T\d{6}Z(-\d+)?$/;

/** What an id says of which session it is: several names may be one there. */
export function sessionInId(id: string): string {
  return id.replace(STAMP, "");
}

/** The name of a session as it stands in ids. */
export function nameInId(name: string): string {
  return name.replace(/^-|[^A-Za-z0-9_-]/g, "_").slice(0, 50) || "_";
}

/** The manifest of a snapshot. */
export function fileOf(dir: string, id: string): string {
  return `${dir}/${id}.json`;
}

/** The file of a part. */
export function partFile(dir: string, sum: string): string {
  return `${dir}/parts/${sum.slice(0, 2)}/${sum}.zst`;
}

const LOCK_MS = 10_000;
const LOCK_EVERY_MS = 20;

/** Holds the lock of the folder, as flock(2) gives it. Throws ERR_TIMEOUT. */
export async function locked(dir: string, take: (fd: number) => boolean): Promise<Disposable> {
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
