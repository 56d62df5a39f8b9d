import { rmSync, statSync } from "node:fs";
import { readPlain } from "../lib/files.ts";
import { flockExclusive } from "../lib/libc.ts";
import { begunManifests, fileOf, idsIn, partFiles, STORED_MAX } from "./places.ts";
import { lockedAtOnce } from "./store-lock.ts";

/** Removes what no snapshot needs, which is all that was only begun: nobody writes, for the lock is held. Returns the bytes. */
export function removeUnneeded(dir: string): number {
  const parts = partFiles(dir);
  const needed = parts.length > 0 ? sumsIn(dir) : undefined;
  const unneeded = parts.filter(({ sum, isBegun }) => isBegun || needed?.has(sum) === false).map(({ file }) => file);
  // what says that there may be such parts goes last
  return [...unneeded, ...begunManifests(dir)].reduce((bytes, file) => bytes + removeFile(file), 0);
}

/** Removes what was left of those that were never whole, if there is any, and nobody writes now. Never throws. */
export function removeBegun(dir: string): void {
  try {
    if (begunManifests(dir).length === 0) return;
    using lock = lockedAtOnce(dir, flockExclusive);
    if (lock) removeUnneeded(dir);
  } catch {
    // a folder that can only be read: the next one does
  }
}

/** Removes a file, if it is there; returns how many bytes are free then. */
export function removeFile(file: string): number {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  rmSync(file, { force: true });
  return bytes;
}

/**
 * Everything in manifests that looks like the sum of a part, also in those that are damaged, or a newer version wrote; undefined
 * where one can't be read, so that nobody knows what it needs.
 */
function sumsIn(dir: string): Set<string> | undefined {
  try {
    const texts = idsIn(dir).map((id) => readPlain(fileOf(dir, id), STORED_MAX).toString("latin1"));
    return new Set(texts.flatMap((text) => text.match(/\b[0-9a-f]{64}\b/g) ?? []));
  } catch {
    return undefined;
  }
}
