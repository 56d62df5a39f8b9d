type Fs = typeof import("node:fs");
type Path = typeof import("node:path");
let loadedFs: Fs | undefined;
let loadedPath: Path | undefined;

/**
 * node:fs, loaded at its first use: an import costs 4 ms at every start, and most commands touch no file. For what the
 * short-lived commands import; a daemon may import it as usual.
 */
export function fs(): Fs {
  loadedFs ??= process.getBuiltinModule("node:fs");
  return loadedFs;
}

/** node:path, loaded at its first use, which costs 1 ms. */
export function nodePath(): Path {
  loadedPath ??= process.getBuiltinModule("node:path");
  return loadedPath;
}
