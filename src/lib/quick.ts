import { cString, type Linux, linux, linuxRare, SEEK_END, SEEK_SET } from "./libc.ts";

// What short-lived commands do with files, by the C library alone. Only for what goes well: undefined (or false) means
// that node:fs is to be asked, which does it or tells why not.

let small: Uint8Array | undefined;

const F_OK = 0;
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_STATS = 0x7ff;

const SYS_GETDENTS64 = process.arch === "x64" ? 217 : 61;
const ENTRIES_BYTES = 32 * 1024;
const SYS_RENAMEAT2 = process.arch === "x64" ? 316 : 276;
const RENAME_EXCHANGE = 2;

// the values that x64 and arm64 share (asm-generic/fcntl.h)
const O_RDONLY = 0;
const O_WRONLY = 1;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_RDWR = 2;
const O_NONBLOCK = 0o4000;
const O_DIRECTORY = process.arch === "x64" ? 0o200000 : 0o40000;
const O_CLOEXEC = 0o2000000;
const PATH_MAX = 4096;
const SMALL_BYTES = 4096;
const READ_MAX_BYTES = 1 << 16;

function kindOf(mode: number): FileKind {
  const type = mode >> 12; // inode(7)
  return type === 4 ? "folder" : type === 8 ? "file" : type === 10 ? "link" : "other";
}

/** What stands at a path, as far as checks care. */
export type FileKind = "folder" | "file" | "link" | "other";

/** What checks of a file look at. */
export interface FileStat {
  kind: FileKind;
  uid: number;
  /** permission bits */
  mode: number;
  inode?: bigint;
}

/** Whether a path leads to something that can be seen. */
export function quickExists(path: string): boolean | undefined {
  const c = linux();
  return c ? c.access(cString(path), F_OK) === 0 : undefined;
}

/** Looks at a path without following a link at its end. */
export function quickLstat(path: string): FileStat | undefined {
  const c = linux();
  return c === null ? undefined : statx(c, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
}

/** Looks at an open file. */
export function quickFstat(fd: number): FileStat | undefined {
  const c = linux();
  return c === null ? undefined : statx(c, fd, "", AT_EMPTY_PATH);
}

/** The text of a plain file of less than 64 KB. */
export function quickRead(path: string): string | undefined {
  return reading(path, readSmall);
}

function readSmall(c: Linux, fd: number): string | undefined {
  // kept: the daemon's heartbeat comes by here twice a second; and small: a large one costs a garbage collector's look
  small ??= new Uint8Array(SMALL_BYTES);
  let into = small;
  let length = 0;
  for (;;) {
    const got = Number(c.read(fd, length === 0 ? into : into.subarray(length), into.length - length));
    if (got < 0) return undefined;
    // what the kernel makes comes in pieces (seq_file, of up to a page each): only nothing more is the end
    if (got === 0) return decode(into.subarray(0, length));
    length += got;
    if (length < into.length) continue;
    if (into !== small) return undefined;
    into = new Uint8Array(READ_MAX_BYTES);
    into.set(small);
  }
}

/** The text, of less than 64 KB, of a file that the kernel makes (proc(5)): there is nothing else at such a path, and no look at it first. */
export function quickReadKernel(path: string): string | undefined {
  const c = linux();
  const fd = c?.open(cString(path), O_RDONLY | O_CLOEXEC, 0) ?? -1;
  if (!c || fd < 0) return undefined;
  const text = readSmall(c, fd);
  c.close(fd);
  return text;
}

/** The last `bytes` bytes of a plain file, and whether that is all of it. */
export function quickTail(path: string, bytes: number): { text: string; isWhole: boolean } | undefined {
  return reading(path, (c, fd) => {
    const size = Number(c.lseek(fd, 0, SEEK_END));
    const start = Number(c.lseek(fd, Math.max(0, size - bytes), SEEK_SET));
    const into = new Uint8Array(Math.max(1, size - start));
    const length = size < 0 || start < 0 ? -1 : Number(c.read(fd, into, into.length));
    return length < 0 ? undefined : { text: decode(into.subarray(0, length)), isWhole: start === 0 };
  });
}

/** Where a symbolic link leads. */
export function quickReadlink(path: string): string | undefined {
  const into = new Uint8Array(PATH_MAX);
  const length = Number(linuxRare()?.readlink(cString(path), into, into.length) ?? -1);
  return length < 0 || length === into.length ? undefined : decode(into.subarray(0, length));
}

/** The names in a folder (getdents64(2)), without "." and "..". */
export function quickEntries(path: string): string[] | undefined {
  const c = linux();
  const fd = c?.open(cString(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) ?? -1;
  if (!c || fd < 0) return undefined;
  try {
    const names: string[] = [];
    const into = new Uint8Array(ENTRIES_BYTES);
    const view = new DataView(into.buffer);
    for (;;) {
      const length = Number(c.syscall(SYS_GETDENTS64, fd, into, into.length, null, 0));
      if (length < 0) return undefined;
      if (length === 0) return names;
      // struct linux_dirent64: inode, offset, 16 bits of length, a byte of type, the name and its 0
      for (let at = 0; at < length; at += view.getUint16(at + 16, true)) {
        const name = decode(into.subarray(at + 19, into.indexOf(0, at + 19)));
        if (name !== "." && name !== "..") names.push(name);
      }
    }
  } finally {
    c.close(fd);
  }
}

/** So many bytes of a process's memory from an address on (/proc/PID/mem), where that may be read. */
export function quickMemory(pid: number, address: number, bytes: number): Uint8Array | undefined {
  const c = linux();
  const fd = c?.open(cString(`/proc/${pid}/mem`), O_RDONLY | O_CLOEXEC, 0) ?? -1;
  if (!c || fd < 0) return undefined;
  const into = new Uint8Array(bytes);
  const length = Number(c.pread(fd, into, bytes, address));
  c.close(fd);
  return length === bytes ? into : undefined;
}

function reading<T>(path: string, read: (c: Linux, fd: number) => T | undefined): T | undefined {
  const c = linux();
  const fd = c?.open(cString(path), O_RDONLY | O_NONBLOCK, 0) ?? -1;
  if (!c || fd < 0) return undefined;
  try {
    return statx(c, fd, "", AT_EMPTY_PATH)?.kind === "file" ? read(c, fd) : undefined;
  } finally {
    c.close(fd);
  }
}

/** Opens what stands at a path for reading, without waiting for anything; -1 when it can't. */
export function quickOpen(path: string): number {
  return linux()?.open(cString(path), O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0) ?? -1;
}

/** Opens a file for reading and writing, made (mode 0600) if it is missing; -1 when it can't. No child inherits it. */
export function quickOpenLock(path: string): number {
  return linux()?.open(cString(path), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600) ?? -1;
}

/** Gives a file, made (mode 0600) if it is missing, the time of now; false when it can't. */
export function quickTouch(path: string): boolean {
  const fd = quickOpenLock(path);
  if (fd < 0) return false;
  const isDone = Number(linux()?.write(fd, new Uint8Array(1), 1)) === 1;
  return quickClose(fd) && isDone;
}

/** Closes an open file; false when it can't. */
export function quickClose(fd: number): boolean {
  return linux()?.close(fd) === 0;
}

/** Makes a file (mode 0600) that must not be there, and keeps it open; -1 when it can't. No child inherits it. */
export function quickCreate(path: string, text: string): number {
  const c = linux();
  return c === null ? -1 : create(c, path, text);
}

/** Removes a file; false when it can't, or there is none. */
export function quickRemove(path: string): boolean {
  return linux()?.unlink(cString(path)) === 0;
}

/** Puts a new file (mode 0600) in the place of another by way of `part`, which must not be there; false when it can't. */
export function quickReplace(path: string, part: string, text: string): boolean {
  const c = linux();
  const fd = c ? create(c, part, text) : -1;
  if (!c || fd < 0) return false;
  if (c.close(fd) !== 0) {
    c.unlink(cString(part)); // a part of it, when the disk is full
    return false;
  }
  return exchange(c, part, path) || linuxRare()?.rename(cString(part), cString(path)) === 0;
}

function create(c: Linux, path: string, text: string): number {
  const fd = c.open(cString(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600);
  if (fd < 0) return -1;
  const bytes = new TextEncoder().encode(text);
  // the address of nothing can't be passed on
  const isWritten = bytes.length === 0 || Number(c.write(fd, bytes, bytes.length)) === bytes.length;
  if (isWritten) return fd;
  c.close(fd);
  c.unlink(cString(path)); // a part of it, when the disk is full
  return -1;
}

/**
 * Puts a file in the place of another plain file, as rename(2), but for this: ext4 then writes the new data to the disk
 * at once (ext4(5), auto_da_alloc), which takes ten times as long as all the rest.
 */
function exchange(c: Linux, part: string, path: string): boolean {
  if (statx(c, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW)?.kind !== "file") return false;
  const [from, to] = [cString(part), cString(path)];
  const isDone = Number(c.syscall(SYS_RENAMEAT2, AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE)) === 0;
  // what was there before has the other name now; should that one stay, it is not to be put back
  if (isDone) c.unlink(from);
  return isDone;
}

/** struct statx (statx(2)) has the same layout on every architecture, which struct stat has not. */
function statx(c: Linux, folder: number, path: string, flags: number): FileStat | undefined {
  const answer = new DataView(new ArrayBuffer(256));
  if (c.statx(folder, cString(path), flags, STATX_BASIC_STATS, answer) !== 0) return undefined;
  const mode = answer.getUint16(28, true);
  const inode = answer.getBigUint64(32, true);
  return { kind: kindOf(mode), uid: answer.getUint32(20, true), mode: mode & 0o7777, inode };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
