import { AppError, errno } from "./errors.ts";

// What the system says by errno(3), in words that mean something to whoever has named the file.

const ANYWHERE: Readonly<Record<string, string>> = {
  ENOTDIR: "a part of its path is no folder",
  ELOOP: "it is a link that leads to itself",
  ENAMETOOLONG: "its name is too long",
  EIO: "the disk does not answer as it should",
};

const READING: Readonly<Record<string, string>> = {
  ...ANYWHERE,
  ENOENT: "it is not there",
  EISDIR: "it is a folder",
  ENXIO: "it is no plain file",
  EFBIG: "it is larger than any such file",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
};

const WRITING: Readonly<Record<string, string>> = {
  ...ANYWHERE,
  ENOENT: "its folder is not there",
  EEXIST: "it is there already",
  EISDIR: "it is a folder",
  ENOSPC: "there is no space left",
  EDQUOT: "your share of the space is used up",
  EFBIG: "it is larger than files may be here (ulimit -f)",
  EROFS: "its folder can only be read",
  EACCES: "its folder may not be written",
  EPERM: "its folder may not be written",
};

/** Why the system has not let a file be read, in words; undefined for what is no failure of the system. Pure. */
export function whyUnread(thrown: unknown): string | undefined {
  return words(READING, thrown);
}

/** Why the system has not let a file be written, in words; undefined for what is no failure of the system. Pure. */
export function whyUnwritten(thrown: unknown): string | undefined {
  return words(WRITING, thrown);
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "Make room",
  EDQUOT: "Make room",
  EFBIG: "Raise that limit",
  EROFS: "Have it made writable",
  EACCES: "Get leave to write there",
  EPERM: "Get leave to write there",
};

/** What may help where a file could not be written, as the beginning of a sentence; undefined where nobody knows. Pure. */
export function remedyFor(thrown: unknown): string | undefined {
  return REMEDIES[errno(thrown) ?? ""];
}

function words(known: Readonly<Record<string, string>>, thrown: unknown): string | undefined {
  const code = thrown instanceof AppError ? undefined : errno(thrown);
  return code === undefined ? undefined : (known[code] ?? `the system says ${code}`);
}
