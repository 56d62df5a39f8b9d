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
  writeSync,
} from "node:fs";
import { errno } from "./errors.ts";

/** The text of a file, or undefined when there is none. Any other failure (permissions, I/O) is thrown. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (errno(cause) === "ENOENT" || errno(cause) === "ENOTDIR") return undefined;
    throw cause;
  }
}

/** The last `bytes` bytes of a file as text, from the first whole line on; "" when there is no such file. */
export function readTail(path: string, bytes: number): string {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (cause) {
    if (errno(cause) === "ENOENT") return "";
    throw cause;
  }
  try {
    const size = fstatSync(fd).size;
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
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  const fd = openSync(part, flags, 0o600);
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
