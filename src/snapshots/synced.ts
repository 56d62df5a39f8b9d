import { closeSync, constants, fstatSync, fsync, openSync, rmSync, writeFileSync } from "node:fs";
import { openPrivate } from "../lib/files.ts";

// What was waited for here is there after a power cut. The disk is waited for at several files at once: it takes those that come
// together in one turn, and nothing else has to wait meanwhile.

const AT_ONCE = 32;

function synced(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fsync(fd, (thrown) => (thrown ? reject(thrown) : resolve())));
}

/** Writes files of ours (mode 0600). Throws when one of them can't be: then none is left. */
export async function writeSynced(files: readonly { path: string; content: string | Uint8Array }[]): Promise<void> {
  try {
    await atOnce(files, async ({ path, content }) => {
      const fd = openPrivate(path, constants.O_WRONLY | constants.O_TRUNC);
      try {
        writeFileSync(fd, content);
        await synced(fd);
      } finally {
        closeSync(fd);
      }
    });
  } catch (thrown) {
    for (const { path } of files) rmSync(path, { force: true });
    throw thrown;
  }
}

/** What was renamed or linked in folders stays there. */
export async function syncFolders(folders: readonly string[]): Promise<void> {
  await atOnce(folders, async (folder) => {
    const fd = openSync(folder, constants.O_RDONLY);
    try {
      if (fstatSync(fd).isDirectory()) await synced(fd);
    } finally {
      closeSync(fd);
    }
  });
}

/** Does something for each, for several at once. Throws what the first throws, when none is being done any more. */
async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < all.length; i += AT_ONCE) {
    const done = await Promise.allSettled(all.slice(i, i + AT_ONCE).map(work));
    const failed = done.find(({ status }) => status === "rejected");
    if (failed) throw (failed as PromiseRejectedResult).reason;
  }
}
