import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { AppError, errno } from "./errors.ts";
import { effectiveUid } from "./uid.ts";

/**
 * The text of a file, or undefined when there is none, or no plain one: a named pipe in its place would make a reader
 * wait for ever. Any other failure (permissions, I/O) is thrown.
 */
export function readText(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (errno(cause) === "ENOENT" || errno(cause) === "ENOTDIR") return undefined;
    throw cause;
  }
  try {
    return fstatSync(fd).isFile() ? readFileSync(fd, "utf8") : undefined;
  } finally {
    closeSync(fd);
  }
}

/** Which file a path names: another one after it was replaced. */
export type FileId = string;

/** The identity of the file that a path names now, or undefined when there is none. */
export function fileId(path: string): FileId | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}

/**
 * Opens a file of ours (mode 0600) for writing. Throws for a link, for another user's file, and for what is no plain
 * file, such as a named pipe, on which a writer would wait for ever.
 */
export function openPrivate(path: string, flags: number): number {
  const fd = openSync(path, flags | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  const stat = fstatSync(fd);
  if (stat.isFile() && stat.uid === effectiveUid()) return fd;
  closeSync(fd);
  throw new AppError("ERR_NOT_OWNER", `${path} is not a plain file of yours`, {
    hint: "Look at who made it, and remove it.",
  });
}

/**
 * The last `bytes` bytes of a file, or of its part up to `end`, as text, from the first whole line on; "" when there is
 * no such file.
 */
export function readTail(path: string, bytes: number, end?: number): string {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (errno(cause) === "ENOENT") return "";
    throw cause;
  }
  try {
    if (!fstatSync(fd).isFile()) return "";
    const size = Math.min(end ?? Number.POSITIVE_INFINITY, fstatSync(fd).size);
    const start = Math.max(0, size - bytes);
    const buffer = new Uint8Array(Math.min(size, bytes));
    const tail = decode(buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, start)));
    return start === 0 ? tail : tail.slice(tail.indexOf("\n") + 1);
  } finally {
    closeSync(fd);
  }
}

/** Replaces a file by a whole new one (mode 0600): readers see the old text or the new, never a part. */
export function writeAtomic(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  const fd = openPrivate(part, constants.O_WRONLY | constants.O_TRUNC);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw cause;
  }
}

/** What was added to a file after `position` (bytes), and where it ends now. A file that shrank is read from its start. */
export function readFrom(path: string, position: number): { text: string; position: number } {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (cause) {
    if (errno(cause) === "ENOENT") return { text: "", position: 0 };
    throw cause;
  }
  try {
    const size = fstatSync(fd).size;
    const start = size < position ? 0 : position;
    const buffer = new Uint8Array(size - start);
    const read = readSync(fd, buffer, 0, buffer.length, start);
    return { text: decode(buffer.subarray(0, read)), position: start + read };
  } finally {
    closeSync(fd);
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
