import { fs } from "./builtin.ts";
import { AppError, errno } from "./errors.ts";
import { quickExists, quickRead, quickReplace, quickTail } from "./quick.ts";
import { effectiveUid } from "./uid.ts";

/**
 * The text of a file, or undefined when there is none, or no plain one: a named pipe in its place would make a reader
 * wait for ever. Any other failure (permissions, I/O) is thrown.
 */
export function readText(path: string): string | undefined {
  const quick = quickRead(path);
  if (quick !== undefined) return quick;
  const fd = openPlain(path);
  if (fd === undefined) return undefined;
  try {
    return fs().readFileSync(fd, "utf8");
  } finally {
    fs().closeSync(fd);
  }
}

/**
 * The bytes of a plain file of at most so many. Nothing else is read: a named pipe in its place would make a reader wait for ever,
 * a device may have no end. Throws as the system does: ENXIO for what is no plain file, EFBIG for one that is larger.
 */
export function readPlain(path: string, max: number): Buffer {
  const { O_RDONLY, O_NONBLOCK } = fs().constants;
  const fd = fs().openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    const stat = fs().fstatSync(fd);
    const code = stat.isDirectory() ? "EISDIR" : !stat.isFile() ? "ENXIO" : stat.size > max ? "EFBIG" : undefined;
    if (code !== undefined) throw Object.assign(new Error(`${code}: ${path}`), { code });
    return fs().readFileSync(fd);
  } finally {
    fs().closeSync(fd);
  }
}

/** Whether a path leads to something that can be seen. */
export function exists(path: string): boolean {
  return quickExists(path) ?? fs().existsSync(path);
}

/** Which file a path names: another one after it was replaced. */
export type FileId = string;

/** The identity of the file that a path names now, or undefined when there is none. */
export function fileId(path: string): FileId | undefined {
  const stat = fs().statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}

/**
 * Opens a file of ours (mode 0600) for writing; made if it is missing. Throws for a link, for another user's file, and
 * for what is no plain file, such as a named pipe, on which a writer would wait for ever.
 */
export function openPrivate(path: string, flags: number): number {
  const { O_CREAT, O_NOFOLLOW, O_NONBLOCK } = fs().constants;
  try {
    const fd = fs().openSync(path, flags | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    const stat = fs().fstatSync(fd);
    if (stat.isFile() && stat.uid === effectiveUid()) return fd;
    fs().closeSync(fd);
  } catch (cause) {
    // a folder, a link, a named pipe without a reader
    if (!["EISDIR", "ELOOP", "ENXIO"].includes(errno(cause) ?? "")) throw cause;
  }
  throw notOurs(path);
}

function notOurs(path: string): AppError {
  return new AppError("ERR_NOT_OWNER", `${path} is not a plain file of yours`, {
    hint: "Look at who made it, and remove it.",
  });
}

/** The text of a file that somebody else's program left. Throws as openPrivate(); nothing is made. */
export function readOwn(path: string): string {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs().constants;
  const fd = fs().openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fs().fstatSync(fd);
    if (!stat.isFile() || stat.uid !== effectiveUid()) throw notOurs(path);
    return fs().readFileSync(fd, "utf8");
  } finally {
    fs().closeSync(fd);
  }
}

/** Whether there is a plain file of this user, and no link to one. */
export function isOwnPlain(path: string): boolean {
  const stat = fs().lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.uid === effectiveUid();
}

/**
 * The last `bytes` bytes of a file, or of its part up to `end`, as text, from the first whole line on; "" when there is
 * no such file.
 */
export function readTail(path: string, bytes: number, end?: number): string {
  const quick = end === undefined ? quickTail(path, bytes) : undefined;
  if (quick) return quick.isWhole ? quick.text : fromLineStart(quick.text);
  const fd = openPlain(path);
  if (fd === undefined) return "";
  try {
    const size = Math.min(end ?? Number.POSITIVE_INFINITY, fs().fstatSync(fd).size);
    const start = Math.max(0, size - bytes);
    const buffer = new Uint8Array(Math.min(size, bytes));
    const tail = decode(buffer.subarray(0, fs().readSync(fd, buffer, 0, buffer.length, start)));
    return start === 0 ? tail : fromLineStart(tail);
  } finally {
    fs().closeSync(fd);
  }
}

/** The first `bytes` bytes of a file that somebody else's program left, as text; undefined where there is none of this user's. */
export function readOwnHead(path: string, bytes: number): string | undefined {
  return readOwnPart(path, (size) => ({ start: 0, end: Math.min(size, bytes) }));
}

/** As readTail(), of a file that somebody else's program left; undefined where there is none of this user's. */
export function readOwnTail(path: string, bytes: number): string | undefined {
  let isWhole = false;
  const tail = readOwnPart(path, (size) => {
    const start = Math.max(0, size - bytes);
    isWhole = start === 0;
    return { start, end: size };
  });
  return tail === undefined || isWhole ? tail : fromLineStart(tail);
}

function readOwnPart(path: string, part: (size: number) => { start: number; end: number }): string | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs().constants;
  let fd: number;
  try {
    fd = fs().openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stat = fs().fstatSync(fd);
    if (!stat.isFile() || stat.uid !== effectiveUid()) return undefined;
    const { start, end } = part(stat.size);
    const buffer = new Uint8Array(end - start);
    return decode(buffer.subarray(0, fs().readSync(fd, buffer, 0, buffer.length, start)));
  } catch {
    return undefined;
  } finally {
    fs().closeSync(fd);
  }
}

/**
 * Replaces a file by a whole new one (mode 0600): readers see the old text or the new, never a part; after a power cut,
 * too, if `sync`.
 */
export function writeAtomic(path: string, text: string, options: { sync: boolean } = { sync: true }): void {
  const part = `${path}.${process.pid}.part`;
  if (!options.sync && quickReplace(path, part, text)) return;
  try {
    const fd = openPrivate(part, fs().constants.O_WRONLY | fs().constants.O_TRUNC);
    try {
      fs().writeFileSync(fd, text); // all of it, or an error
      if (options.sync) fs().fsyncSync(fd);
    } finally {
      fs().closeSync(fd);
    }
    fs().renameSync(part, path);
  } catch (cause) {
    fs().rmSync(part, { force: true });
    if (errno(cause) !== "ENOSPC" && errno(cause) !== "EDQUOT") throw cause;
    throw new AppError("ERR_COMMAND_FAILED", `There is no space left to write ${path}`, {
      hint: "Make room, or set CLAUDE_TMUX_STATE_DIR (for what is to last, XDG_STATE_HOME) to a folder on another disk.",
      cause,
    });
  }
}

/** Opens a file for reading; undefined when there is none, or no plain one: a named pipe would make a reader wait. */
function openPlain(path: string): number | undefined {
  let fd: number;
  try {
    fd = fs().openSync(path, fs().constants.O_RDONLY | fs().constants.O_NONBLOCK);
  } catch (cause) {
    if (errno(cause) === "ENOENT" || errno(cause) === "ENOTDIR") return undefined;
    throw cause;
  }
  if (fs().fstatSync(fd).isFile()) return fd;
  fs().closeSync(fd);
  return undefined;
}

/** What was added to a file after `position` (bytes), and where it ends now. A file that shrank is read from its start. */
export function readFrom(path: string, position: number): { text: string; position: number } {
  const fd = openPlain(path);
  if (fd === undefined) return { text: "", position: 0 };
  try {
    const size = fs().fstatSync(fd).size;
    const start = size < position ? 0 : position;
    const buffer = new Uint8Array(size - start);
    const read = fs().readSync(fd, buffer, 0, buffer.length, start);
    return { text: decode(buffer.subarray(0, read)), position: start + read };
  } finally {
    fs().closeSync(fd);
  }
}

function fromLineStart(tail: string): string {
  return tail.slice(tail.indexOf("\n") + 1);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
