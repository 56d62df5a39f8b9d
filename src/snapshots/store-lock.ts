import { closeSync, constants, fstatSync, statSync } from "node:fs";
import { AppError } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { poll } from "../lib/wait.ts";

const LOCK_MS = 10_000;
const LOCK_EVERY_MS = 20;

/** Holds the lock of the folder of snapshots, as flock(2) gives it. Throws ERR_TIMEOUT. */
export async function locked(dir: string, take: (fd: number) => boolean): Promise<Disposable> {
  const lock = await poll(LOCK_MS, LOCK_EVERY_MS, () => lockedAtOnce(dir, take));
  if (lock) return lock;
  const message = `The snapshots are being written or collected by others for ${LOCK_MS / 1000} s`;
  throw new AppError("ERR_TIMEOUT", message, { hint: `See who has ${dir}/lock open.` });
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
